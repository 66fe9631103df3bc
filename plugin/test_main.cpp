// The entry of every test program: a fixed environment, so that no test depends on who runs it.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <cstdlib>

int main(int argc, char** argv) {
  for (const char* name :
       {"NO_COLOR", "CLICOLOR_FORCE", "FORCE_COLOR", "KUBECONFIG", "KUBECTL_PATH", "PODCHECK_LANG"}) {
    unsetenv(name);
  }
  setenv("TZ", "UTC", 1);
  setenv("LC_ALL", "C.UTF-8", 1);
  return doctest::Context(argc, argv).run();
}
