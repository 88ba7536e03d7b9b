// daozhang-vectors DIR: every vector file of a folder against our code.
#include <filesystem>
#include <iostream>

#include "vectors/runner.h"

int main(int argc, char** argv) {
  std::error_code error;
  if (argc != 2 || !std::filesystem::is_directory(argv[1], error)) {
    std::cerr << "usage: daozhang-vectors DIR\n";
    return 2;
  }
  const auto report = daozhang::vectors::run_folder(argv[1], std::cout);
  return report.succeeded() ? 0 : 1;
}
