#include "connectors/payment/epay/reply.h"

#include <algorithm>

#include "connectors/payment/epay/signature.h"
#include "json/reader.h"
#include "json/utf8.h"

namespace daozhang::connectors::payment::epay {
namespace {

constexpr std::size_t problem_size_max = 200;

std::optional<std::string> printed(const json::Value& value) {
  if (const std::string* text = value.text()) return *text;
  if (const std::int64_t* integer = value.integer()) return std::to_string(*integer);
  if (const json::NumberText* number = value.number()) return number->text;
  return std::nullopt;
}

std::optional<ReplyRefusal> refusal_of_proof(const Account& account, const Reply& reply,
                                             base::Instant now) {
  if (field(reply.fields, "sign").empty()) {
    if (!reply.success && account.dialect.unsigned_failures) return std::nullopt;
    return ReplyRefusal::signature_missing;
  }
  if (!is_signed_by_gateway(account, reply.fields)) return ReplyRefusal::signature_invalid;
  if (!is_near(field(reply.fields, "timestamp"), now)) return ReplyRefusal::timestamp_differs;
  return std::nullopt;
}

}  // namespace

std::optional<base::Instant> instant_of(std::string_view timestamp) {
  if (timestamp.size() != 10) return std::nullopt;
  std::int64_t seconds = 0;
  for (const char c : timestamp) {
    if (c < '0' || c > '9') return std::nullopt;
    seconds = seconds * 10 + (c - '0');
  }
  return base::Instant{seconds * 1'000'000};
}

bool is_near(std::string_view timestamp, base::Instant now) {
  const auto told = instant_of(timestamp);
  return told && *told - now <= clock_difference_max && now - *told <= clock_difference_max;
}

FormFields fields_of(const json::Value& object) {
  FormFields fields;
  if (object.object() == nullptr) return fields;
  for (const json::Member& member : *object.object()) {
    if (auto text = printed(member.value)) fields.emplace_back(member.name, std::move(*text));
  }
  return fields;
}

base::Result<Reply, ReplyRefusal> read_reply(const Account& account, std::string_view raw,
                                             base::Instant now) {
  auto document = json::read(raw, json::Numbers::as_text);
  if (!document || document->object() == nullptr) return base::refuse(ReplyRefusal::not_json);
  Reply reply;
  reply.fields = fields_of(*document);
  reply.document = std::move(*document);
  const std::string_view code = field(reply.fields, "code");
  if (code.empty()) return base::refuse(ReplyRefusal::code_missing);
  reply.success = code == (account.version == Version::v1 ? "1" : "0");
  if (account.version == Version::v2) {
    if (const auto refusal = refusal_of_proof(account, reply, now)) return base::refuse(*refusal);
  }
  return reply;
}

std::string problem_of(const Account& account, const Reply& reply) {
  std::string text(field(reply.fields, "code"));
  text.append(" ").append(field(reply.fields, "msg"));
  text = without_key(account, text);
  if (text.size() > problem_size_max) {
    std::size_t end = 0;
    for (std::size_t length = 1; length > 0 && end + length <= problem_size_max; end += length) {
      length = json::utf8_length_at(text, end);
    }
    text.resize(std::min(end, problem_size_max));
  }
  while (text.ends_with(' ')) text.pop_back();
  return text;
}

std::string without_key(const Account& account, std::string_view text) {
  std::string clean(text);
  const std::string& key = account.merchant_key;
  if (key.empty()) return clean;
  for (auto at = clean.find(key); at != std::string::npos; at = clean.find(key, at)) {
    clean.replace(at, key.size(), "***");
  }
  return clean;
}

}  // namespace daozhang::connectors::payment::epay
