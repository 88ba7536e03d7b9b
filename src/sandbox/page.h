// The sandbox's pages: HTML templates of assets/ filled with escaped values, in zh-CN or English.
// Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "net/http_message.h"
#include "sandbox/delivery_queue.h"

namespace daozhang::sandbox {

enum class Language { zh, en };

// `?lang=` decides, else Accept-Language; Chinese if neither says English first.
Language language_of(const net::Request& request);

// The word of the page in that language; the key must exist.
std::string_view word(Language language, std::string_view key);

std::string escape_html(std::string_view text);

// The template `name` (a file of assets/) with `{{key}}` replaced by the escaped value and
// `{{{key}}}` by the value as it is; `{{t:key}}` is a word of the language. Every key must be
// given.
std::string fill(std::string_view name, Language language, const Fields& values);

// 200 text/html with the headers that keep a browser strict. The payer may be sent on to any shop.
net::Response html_response(int status, std::string html);

// A whole page with one message.
net::Response message_page(int status, Language language, std::string_view title_key,
                           std::string_view detail, std::string_view code, std::string_view link,
                           std::string_view link_word_key);

}  // namespace daozhang::sandbox
