#include "connectors/payment/alipay/reply.h"

#include <algorithm>
#include <array>

#include "connectors/payment/alipay/content_cipher.h"
#include "connectors/payment/alipay/form_fields.h"
#include "json/reader.h"

namespace daozhang::connectors::payment::alipay {
namespace {

// Walks over one JSON object's members and hands out their raw values.
class Scanner {
 public:
  explicit Scanner(std::string_view raw) : raw_(raw) {}

  bool enter() { return skip('{'); }
  // False when the members are over or the text is broken; `broken()` tells which.
  bool next(std::string_view& name, std::string_view& value) {
    if (!first_ && !skip(',')) return finish();
    if (first_ && peek() == '}') return finish();
    first_ = false;
    const std::string_view quoted = take_value();
    if (quoted.size() < 2 || quoted.front() != '"' || !skip(':')) return fail();
    value = take_value();
    if (value.empty()) return fail();
    name = quoted.substr(1, quoted.size() - 2);
    return true;
  }
  [[nodiscard]] bool broken() const { return broken_; }

 private:
  bool fail() {
    broken_ = true;
    return false;
  }
  bool finish() {
    if (!skip('}')) return fail();
    skip_blanks();
    if (at_ != raw_.size()) return fail();
    return false;
  }
  void skip_blanks() {
    const auto to = raw_.find_first_not_of(" \t\r\n", at_);
    at_ = to == std::string_view::npos ? raw_.size() : to;
  }
  char peek() {
    skip_blanks();
    return at_ < raw_.size() ? raw_[at_] : '\0';
  }
  bool skip(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }

  // The end of the string that begins at `from`; npos if it does not end.
  [[nodiscard]] std::size_t string_end(std::size_t from) const {
    for (std::size_t i = from + 1; i < raw_.size(); ++i) {
      if (raw_[i] == '\\') {
        ++i;
      } else if (raw_[i] == '"') {
        return i + 1;
      }
    }
    return std::string_view::npos;
  }
  [[nodiscard]] std::size_t container_end(std::size_t from) const {
    std::size_t depth = 0;
    for (std::size_t i = from; i < raw_.size();) {
      const char c = raw_[i];
      if (c == '"') {
        i = string_end(i);
        continue;
      }
      if (c == '{' || c == '[') ++depth;
      if ((c == '}' || c == ']') && --depth == 0) return i + 1;
      ++i;
    }
    return std::string_view::npos;
  }
  std::string_view take_value() {
    const char c = peek();
    const std::size_t from = at_;
    std::size_t end = 0;
    if (c == '"') {
      end = string_end(from);
    } else if (c == '{' || c == '[') {
      end = container_end(from);
    } else {
      end = raw_.find_first_of(",}] \t\r\n", from);
    }
    if (end == std::string_view::npos) return {};
    at_ = end;
    return raw_.substr(from, end - from);
  }

  std::string_view raw_;
  std::size_t at_ = 0;
  bool first_ = true;
  bool broken_ = false;
};

std::string_view without_quotes(std::string_view value) {
  if (value.size() < 2 || value.front() != '"') return {};
  return value.substr(1, value.size() - 2);
}

// The business sub_codes that are a certain no (Alipay's documents of the interfaces above).
constexpr auto definite_reasons = std::to_array<std::string_view>({
    "ACQ.ACCESS_FORBIDDEN",
    "ACQ.CONTEXT_INCONSISTENT",
    "ACQ.DISCORDANT_REPEAT_REQUEST",
    "ACQ.EXIST_FORBIDDEN_WORD",
    "ACQ.INVALID_PARAMETER",
    "ACQ.NOT_ALLOW_PARTIAL_REFUND",
    "ACQ.PARTNER_ERROR",
    "ACQ.REASON_ILLEGAL_STATUS",
    "ACQ.REASON_TRADE_BEEN_FREEZEN",
    "ACQ.REASON_TRADE_REFUND_FEE_ERR",
    "ACQ.REASON_TRADE_STATUS_INVALID",
    "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL",
    "ACQ.REFUND_FEE_ERROR",
    "ACQ.SELLER_BALANCE_NOT_ENOUGH",
    "ACQ.TOTAL_FEE_EXCEED",
    "ACQ.TRADE_HAS_CLOSE",
    "ACQ.TRADE_HAS_FINISHED",
    "ACQ.TRADE_HAS_SUCCESS",
    "ACQ.TRADE_NOT_ALLOW_REFUND",
    "ACQ.TRADE_NOT_EXIST",
    "ACQ.TRADE_STATUS_ERROR",
});

std::optional<json::Value> open_content(const Account& account, std::string_view content) {
  auto value = json::read(content, json::Numbers::as_text);
  if (!value) return std::nullopt;
  const std::string* sealed = value->text();
  if (sealed != nullptr) {
    if (account.content_key.empty()) return std::nullopt;
    const auto plain = decrypt_content(account.content_key, *sealed);
    if (!plain) return std::nullopt;
    value = json::read(*plain, json::Numbers::as_text);
  }
  if (!value || value->object() == nullptr) return std::nullopt;
  return std::move(*value);
}

std::optional<ReplyRefusal> refusal_of_proof(const Account& account, const CutReply& cut) {
  if (cut.sign.empty()) return ReplyRefusal::signature_missing;
  if (account.certificates && !cut.cert_sn.empty() &&
      cut.cert_sn != account.certificates->alipay_cert_sn) {
    return ReplyRefusal::certificate_differs;
  }
  if (!is_signed(cut, account.alipay_key)) return ReplyRefusal::signature_invalid;
  return std::nullopt;
}

}  // namespace

std::optional<CutReply> cut_reply(std::string_view raw, std::string_view member) {
  Scanner scanner(raw);
  if (!scanner.enter()) return std::nullopt;
  CutReply cut;
  std::string_view name;
  std::string_view value;
  while (scanner.next(name, value)) {
    if (name == member) {
      if (!cut.content.empty()) return std::nullopt;
      cut.content = value;
    } else if (name == "sign") {
      cut.sign = without_quotes(value);
    } else if (name == "alipay_cert_sn") {
      cut.cert_sn = without_quotes(value);
    }
  }
  if (scanner.broken() || cut.content.empty()) return std::nullopt;
  if (cut.content.front() != '{' && cut.content.front() != '"') return std::nullopt;
  return cut;
}

std::string response_member(std::string_view method) {
  std::string member(method);
  std::replace(member.begin(), member.end(), '.', '_');
  return member.append("_response");
}

bool is_signed(const CutReply& cut, const crypto::RsaPublicKey& key) {
  if (cut.sign.find('\\') == std::string_view::npos) return is_signed(cut.content, cut.sign, key);
  std::string sign(cut.sign);
  std::erase(sign, '\\');
  return is_signed(cut.content, sign, key);
}

base::Result<Reply, ReplyRefusal> read_reply(const Account& account, std::string_view raw,
                                             std::string_view method) {
  if (!json::read(raw, json::Numbers::as_text)) return base::refuse(ReplyRefusal::not_json);
  auto cut = cut_reply(raw, response_member(method));
  const bool is_error_response = !cut.has_value();
  if (is_error_response) cut = cut_reply(raw, "error_response");
  if (!cut) return base::refuse(ReplyRefusal::response_missing);
  const bool unsigned_error = is_error_response && cut->sign.empty();
  if (!unsigned_error) {
    if (const auto refusal = refusal_of_proof(account, *cut)) return base::refuse(*refusal);
  }
  auto content = open_content(account, cut->content);
  if (!content) return base::refuse(ReplyRefusal::content_unreadable);
  Reply reply{.code = std::string(content->text_of("code")),
              .sub_code = std::string(content->text_of("sub_code")),
              .message = std::string(content->text_of("sub_msg")),
              .content = {}};
  if (reply.code.empty()) return base::refuse(ReplyRefusal::content_unreadable);
  // Without a signature nothing is believed of the trade itself, only that the call was refused.
  if (unsigned_error && (reply.code == "10000" || reply.code == "40004")) {
    return base::refuse(ReplyRefusal::signature_missing);
  }
  if (reply.message.empty()) reply.message = content->text_of("msg");
  reply.content = std::move(*content);
  return reply;
}

ReplyClass classify(std::string_view code, std::string_view sub_code) {
  if (code == "10000") return ReplyClass::ok;
  if (code == "20001" || code == "40001" || code == "40002" || code == "40003" || code == "40006") {
    return ReplyClass::definite;
  }
  if (code != "40004") return ReplyClass::unknown;
  const bool known = std::binary_search(definite_reasons.begin(), definite_reasons.end(), sub_code);
  return known ? ReplyClass::definite : ReplyClass::unknown;
}

}  // namespace daozhang::connectors::payment::alipay
