#include "crypto/key_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace daozhang::crypto {
namespace {

class KeyFile : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "key_file_XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    path_ = folder_ + "/keys";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string text() const {
    std::ostringstream all;
    all << std::ifstream(path_).rdbuf();
    return all.str();
  }
  void write(const std::string& text) const {
    std::ofstream(path_) << text;
    ASSERT_EQ(::chmod(path_.c_str(), 0600), 0);
  }
  std::string refusal() const {
    const auto keys = load_key_file(path_);
    return keys ? "loaded" : std::string(name(keys.error()));
  }

  std::string folder_;
  std::string path_;
};

TEST_F(KeyFile, ANewFileIsForTheOwnerOnlyAndLoads) {
  ASSERT_TRUE(create_key_file(path_).has_value());
  struct stat status {};
  ASSERT_EQ(::stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  const auto keys = load_key_file(path_);
  ASSERT_TRUE(keys.has_value());
  EXPECT_EQ(keys->kek.size(), 32u);
  EXPECT_NE(keys->kek.view(), keys->leaf_salt.view());
  EXPECT_EQ(load_key_file(path_)->access_code.view(), keys->access_code.view());
}

TEST_F(KeyFile, AnExistingFileIsNeverOverwritten) {
  ASSERT_TRUE(create_key_file(path_).has_value());
  const std::string before = text();
  EXPECT_EQ(create_key_file(path_).error(), KeyFileRefusal::file_exists);
  EXPECT_EQ(text(), before);
}

TEST_F(KeyFile, AFolderThatIsNotThereCanNotBeWritten) {
  EXPECT_EQ(create_key_file(folder_ + "/none/keys").error(), KeyFileRefusal::can_not_write);
}

TEST_F(KeyFile, AMissingFileIsNamed) { EXPECT_EQ(refusal(), "file_missing"); }

TEST_F(KeyFile, RightsForOthersAreRefused) {
  ASSERT_TRUE(create_key_file(path_).has_value());
  for (const mode_t mode : {0640u, 0604u, 0660u, 0644u, 0601u}) {
    ASSERT_EQ(::chmod(path_.c_str(), mode), 0);
    EXPECT_EQ(refusal(), "permissions_too_wide") << std::oct << mode;
  }
  ASSERT_EQ(::chmod(path_.c_str(), 0400), 0);
  EXPECT_EQ(refusal(), "loaded");
}

TEST_F(KeyFile, LinksAndFoldersAreRefused) {
  ASSERT_TRUE(create_key_file(folder_ + "/real").has_value());
  ASSERT_EQ(::symlink((folder_ + "/real").c_str(), path_.c_str()), 0);
  EXPECT_EQ(refusal(), "not_a_regular_file");
  EXPECT_EQ(load_key_file(folder_).error(), KeyFileRefusal::not_a_regular_file);
}

TEST_F(KeyFile, EachMissingKeyIsRefused) {
  ASSERT_TRUE(create_key_file(path_).has_value());
  const std::string whole = text();
  std::size_t lines = 0;
  for (std::size_t at = whole.find('\n') + 1; at < whole.size(); ++lines) {
    const std::size_t next = whole.find('\n', at) + 1;
    write(whole.substr(0, at) + whole.substr(next));
    EXPECT_EQ(refusal(), "key_missing");
    at = next;
  }
  EXPECT_EQ(lines, 5u);
}

TEST_F(KeyFile, BrokenContentIsRefusedByName) {
  ASSERT_TRUE(create_key_file(path_).has_value());
  const std::string whole = text();
  const std::string rest = whole.substr(whole.find('\n'));
  const std::string key(64, 'a');
  const std::pair<std::string, std::string> cases[] = {
      {"", "malformed_line"},
      {"something else\n", "malformed_line"},
      {"daozhang-keys 2" + rest, "unknown_version"},
      {whole + "kek " + key + "\n", "malformed_line"},
      {whole + "other " + key + "\n", "malformed_line"},
      {whole + "\n", "malformed_line"},
      {whole.substr(0, whole.size() - 2), "malformed_line"},
      {whole + std::string(5000, ' '), "malformed_line"},
  };
  for (const auto& [content, expected] : cases) {
    write(content);
    EXPECT_EQ(refusal(), expected) << content.substr(0, 30);
  }
}

TEST_F(KeyFile, KeysThatAreNotIndependentAreRefused) {
  const auto line = [](const std::string& name, char first) {
    return name + " " + std::string(1, first) + "1" + std::string(62, '0') + "\n";
  };
  const std::string head = "daozhang-keys 1\n" + line("kek", '1') + line("fingerprint", '2') +
                           line("order_number", '3') + line("access_code", '4');
  write(head + line("leaf_salt", '5'));
  EXPECT_EQ(refusal(), "loaded");
  write(head + line("leaf_salt", '4'));
  EXPECT_EQ(refusal(), "keys_repeat");
  write(head + "leaf_salt " + std::string(64, '0') + "\n");
  EXPECT_EQ(refusal(), "keys_repeat");
}

}  // namespace
}  // namespace daozhang::crypto
