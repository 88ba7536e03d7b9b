#include "settings/secret_file.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace daozhang::settings {
namespace {

namespace fs = std::filesystem;

class SecretFileTest : public testing::Test {
 protected:
  SecretFileTest() {
    std::string pattern = (fs::temp_directory_path() / "daozhang_secret_XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
  }
  ~SecretFileTest() override { fs::remove_all(folder_); }
  std::string file(const std::string& bytes) {
    const fs::path path = folder_ / "key";
    std::ofstream(path, std::ios::binary) << bytes;
    return path.string();
  }
  static std::string refusal(const std::string& path) {
    const auto secret = read_secret_file(path, "supplier.topup.secret_file");
    return secret ? "accepted" : secret.error();
  }

  fs::path folder_;
};

TEST_F(SecretFileTest, BlanksAtTheEndAreNoPartOfTheSecret) {
  EXPECT_EQ(read_secret_file(file(" a b\nc\r\n\n"), "x"), " a b\nc");
  EXPECT_EQ(read_text_file(file("a\n"), "x"), "a\n");
}

TEST_F(SecretFileTest, WhatIsNoSecretIsRefusedWithItsPurpose) {
  EXPECT_TRUE(refusal("").starts_with("supplier.topup.secret_file: no file is named\n"));
  EXPECT_NE(refusal((folder_ / "none").string()).find("can not be read: No such file"),
            std::string::npos);
  EXPECT_NE(refusal(folder_.string()).find("is not a file"), std::string::npos);
  EXPECT_NE(refusal(file("")).find("is empty"), std::string::npos);
  EXPECT_NE(refusal(file(" \n\r\n")).find("is empty"), std::string::npos);
  EXPECT_NE(refusal(file(std::string(secret_file_bytes_max + 1, 'x'))).find("larger than"),
            std::string::npos);
}

}  // namespace
}  // namespace daozhang::settings
