// Paths of the web pages: whatever is asked for, only files below the root leave.
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "net/responder_target.h"
#include "net/static_files.h"
#include "tests/fuzz/input.h"

namespace daozhang::fuzz {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view page = "<!doctype html>";
constexpr std::string_view script = "run()";
constexpr std::string_view hidden = "outside";

class Answered final : public net::ResponderTarget {
 public:
  void answer(net::Response response) override { got = std::move(response); }
  net::EventStream open_stream(std::vector<net::FormField>) override { return {}; }
  net::Response got;
};

// A root with a page and a script, and beside and in it what must never leave.
class Site {
 public:
  Site() {
    std::string pattern = (fs::temp_directory_path() / "daozhang_fuzz_XXXXXX").string();
    CHECK(mkdtemp(pattern.data()) != nullptr);
    base_ = pattern;
    write("secret.txt", hidden);
    write("root/index.html", page);
    write("root/assets/app.js", script);
    write("root/.env", hidden);
    write("root-2/secret.txt", hidden);
    fs::create_symlink(base_ / "secret.txt", base_ / "root/link.txt");
    fs::create_directory_symlink(base_ / "root-2", base_ / "root/folder");
    handler_ = net::static_files({.root = (base_ / "root").string()});
  }
  ~Site() {
    std::error_code ignored;
    fs::remove_all(base_, ignored);
  }
  Site(const Site&) = delete;
  Site& operator=(const Site&) = delete;

  net::Response get(std::string_view path) const {
    net::Request request;
    request.path = path;
    const auto target = std::make_shared<Answered>();
    handler_(std::move(request), net::Responder(target));
    return target->got;
  }

 private:
  void write(const std::string& name, std::string_view bytes) const {
    fs::create_directories((base_ / name).parent_path());
    std::ofstream(base_ / name) << bytes;
  }

  fs::path base_;
  net::Handler handler_;
};

}  // namespace

void static_path(std::string_view bytes) {
  static const Site site;
  const net::Response response = site.get(bytes);
  CHECK(response.status == 200 || response.status == 404);
  const std::string_view body =
      response.shared_body ? std::string_view(*response.shared_body) : response.body;
  if (response.status == 200) {
    CHECK(body == page || body == script);
  } else {
    CHECK(body.find(hidden) == std::string_view::npos);
  }
}

}  // namespace daozhang::fuzz
