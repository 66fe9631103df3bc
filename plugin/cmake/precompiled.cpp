// Gives the precompiled header a target of its own; there is nothing else to compile.
