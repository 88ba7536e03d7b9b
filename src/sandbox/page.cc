#include "sandbox/page.h"

#include <algorithm>

#include "base/check.h"
#include "sandbox/assets.h"
#include "sandbox/page_words.h"

namespace daozhang::sandbox {
namespace {

std::string_view asset(std::string_view name) {
  const auto found = std::find_if(assets.begin(), assets.end(),
                                  [&](const Asset& one) { return one.name == name; });
  CHECK(found != assets.end());
  return found->text;
}

std::string_view given(const Fields& values, std::string_view key) {
  const auto found = std::find_if(values.begin(), values.end(),
                                  [&](const auto& pair) { return pair.first == key; });
  CHECK(found != values.end());
  return found->second;
}

}  // namespace

Language language_of(const net::Request& request) {
  if (const auto asked = request.query.once("lang"))
    return asked->substr(0, 2) == "en" ? Language::en : Language::zh;
  const auto accepted = request.header("Accept-Language");
  const auto zh = accepted.find("zh");
  const auto en = accepted.find("en");
  return en < zh ? Language::en : Language::zh;
}

std::string_view word(Language language, std::string_view key) {
  const auto found = std::find_if(page_words.begin(), page_words.end(),
                                  [&](const PageWord& one) { return one.key == key; });
  CHECK(found != page_words.end());
  return language == Language::zh ? found->zh : found->en;
}

std::string escape_html(std::string_view text) {
  std::string escaped;
  escaped.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\'':
        escaped += "&#39;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

std::string fill(std::string_view name, Language language, const Fields& values) {
  std::string_view rest = asset(name);
  std::string filled;
  for (;;) {
    const auto begin = rest.find("{{");
    filled += rest.substr(0, begin);
    if (begin == rest.npos) return filled;
    const bool raw = rest.substr(begin, 3) == "{{{";
    const auto key_begin = begin + (raw ? 3 : 2);
    const auto end = rest.find("}}", key_begin);
    CHECK(end != rest.npos);
    const std::string_view key = rest.substr(key_begin, end - key_begin);
    if (raw)
      filled += given(values, key);
    else if (key.substr(0, 2) == "t:")
      filled += escape_html(word(language, key.substr(2)));
    else
      filled += escape_html(given(values, key));
    rest.remove_prefix(end + (raw ? 3 : 2));
  }
}

net::Response html_response(int status, std::string html) {
  net::Response response;
  response.status = status;
  response.body = std::move(html);
  response.with("Content-Type", "text/html; charset=utf-8")
      .with("Cache-Control", "no-store")
      .with("X-Content-Type-Options", "nosniff")
      .with("Referrer-Policy", "no-referrer")
      .with("Content-Security-Policy",
            "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
            "img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'; "
            "form-action 'self' http: https:");
  return response;
}

net::Response message_page(int status, Language language, std::string_view title_key,
                           std::string_view detail, std::string_view code, std::string_view link,
                           std::string_view link_word_key) {
  std::string button;
  if (!link.empty())
    button = "<a class=\"button\" id=\"back\" href=\"" + escape_html(link) + "\">" +
             escape_html(word(language, link_word_key)) + "</a>";
  const std::string_view tone = status >= 400 ? "bad" : title_key == "paid_title" ? "good" : "calm";
  return html_response(status, fill("message.html", language,
                                    {{"title", std::string(word(language, title_key))},
                                     {"detail", std::string(detail)},
                                     {"code", std::string(code)},
                                     {"tone", std::string(tone)},
                                     {"button", button}}));
}

}  // namespace daozhang::sandbox
