#include "vectors/family.h"

#include <array>

namespace daozhang::vectors {

std::span<const Family> families() {
  static const auto all = std::to_array<Family>({
      {"alipay", "alipay vectors", alipay_kinds()},
      {"phone", "mobile numbers for top-up", phone_kinds()},
      {"epay", "epay", epay_kinds()},
      {"wechatpay", "wechatpay vectors", wechatpay_kinds()},
      {"suppliers", "supplier / docking", {}, true},
      {"tlog", "RFC 6962", {}, true},
      {"standard_webhooks", "Standard Webhooks", {}, true},
      {"http_signatures", "RFC 9421", {}, true},
  });
  return all;
}

const Family* family_of(std::string_view file_stem, std::string_view title) {
  for (const Family& family : families()) {
    if (file_stem.starts_with(family.name)) return &family;
  }
  for (const Family& family : families()) {
    if (title.starts_with(family.title)) return &family;
  }
  return nullptr;
}

Difference differs(std::string_view expected, std::string_view got) {
  if (expected == got) return std::nullopt;
  std::string text("expected ");
  return text.append(expected).append(", got ").append(got);
}

Difference differs(bool expected, bool got) {
  return differs(std::string_view(expected ? "true" : "false"),
                 std::string_view(got ? "true" : "false"));
}

std::optional<bool> truth_of(const json::Value& vector, std::string_view name) {
  const json::Value* value = vector.find(name);
  const bool* held = value == nullptr ? nullptr : value->boolean();
  return held == nullptr ? std::nullopt : std::optional<bool>(*held);
}

}  // namespace daozhang::vectors
