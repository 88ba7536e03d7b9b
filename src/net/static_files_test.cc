#include "net/static_files.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "net/responder_target.h"

namespace daozhang::net {
namespace {

namespace fs = std::filesystem;

class Answered final : public ResponderTarget {
 public:
  void answer(Response response) override { got = std::move(response); }
  EventStream open_stream(std::vector<FormField>) override { return {}; }
  Response got;
};

class StaticFilesTest : public testing::Test {
 protected:
  StaticFilesTest() {
    std::string pattern = (fs::temp_directory_path() / "daozhang_static_XXXXXX").string();
    base_ = mkdtemp(pattern.data());
    write("outside.txt", "outside");
    write("root/index.html", "<!doctype html>");
    write("root/assets/app-1a2b.js", "run()");
    write("root/icon.svg", "<svg/>");
    write("root/.env", "KEY=1");
    fs::create_symlink(base_ / "outside.txt", base_ / "root/link.txt");
    handler_ = static_files({.root = (base_ / "root").string()});
  }
  ~StaticFilesTest() override { fs::remove_all(base_); }

  void write(const std::string& name, const std::string& bytes) {
    fs::create_directories((base_ / name).parent_path());
    std::ofstream(base_ / name) << bytes;
  }
  Response get(const std::string& path, const std::string& etag = "") {
    Request request;
    request.path = path;
    if (!etag.empty()) request.headers.add("If-None-Match", etag);
    const auto target = std::make_shared<Answered>();
    handler_(std::move(request), Responder(target));
    return target->got;
  }
  static std::string header(const Response& response, const std::string& name) {
    for (const FormField& field : response.headers) {
      if (field.name == name) return field.value;
    }
    return "";
  }

  fs::path base_;
  Handler handler_;
};

TEST_F(StaticFilesTest, ServesFilesWithTypeAndSecurityHeaders) {
  const Response page = get("/");
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(*page.shared_body, "<!doctype html>");
  EXPECT_EQ(header(page, "Content-Type"), "text/html; charset=utf-8");
  EXPECT_EQ(header(page, "Cache-Control"), "no-cache");
  EXPECT_EQ(header(page, "X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(header(page, "Referrer-Policy"), "same-origin");
  const std::string policy = header(page, "Content-Security-Policy");
  EXPECT_NE(policy.find("default-src 'self'"), std::string::npos);
  EXPECT_EQ(policy.find("script-src"), std::string::npos);
  EXPECT_EQ(header(get("/icon.svg"), "Content-Type"), "image/svg+xml");
}

TEST_F(StaticFilesTest, HashedFilesAreCacheableForEver) {
  EXPECT_EQ(header(get("/assets/app-1a2b.js"), "Cache-Control"),
            "public, max-age=31536000, immutable");
}

TEST_F(StaticFilesTest, AnUnchangedFileIsNotSentAgainAndAChangedOneIs) {
  const std::string etag = header(get("/index.html"), "ETag");
  EXPECT_EQ(get("/index.html", etag).status, 304);
  write("root/index.html", "<!doctype html><p>new");
  const Response changed = get("/index.html", etag);
  EXPECT_EQ(changed.status, 200);
  EXPECT_EQ(*changed.shared_body, "<!doctype html><p>new");
}

TEST_F(StaticFilesTest, APageOfTheApplicationFallsBackToTheIndex) {
  for (const char* path : {"/orders/D7", "/shop", "/a/b/c"}) {
    EXPECT_EQ(*get(path).shared_body, "<!doctype html>") << path;
  }
}

TEST_F(StaticFilesTest, WhatIsNoFileOfOursIsNotFound) {
  for (const char* path :
       {"/none.js", "/assets/none.js", "/.env", "/.git/config", "/../outside.txt",
        "/assets/../../outside.txt", "/%2e%2e/outside.txt", "/..%2foutside.txt", "/link.txt",
        "/assets%2fapp-1a2b.js", "//etc/passwd", "/a\\..\\b", "/a%00.js", "/%zz", "/v1/orders",
        "/v1", "/api/x", "*"}) {
    EXPECT_EQ(get(path).status, 404) << path;
  }
}

}  // namespace
}  // namespace daozhang::net
