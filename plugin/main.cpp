#include "cli/run.hpp"

int main(int argc, char** argv) {
  auto io = podcheck::cli::standard_streams();
  return podcheck::cli::run({argv, static_cast<std::size_t>(argc)}, io);
}
