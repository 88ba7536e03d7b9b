#include "api/storefront/channel_entry.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace daozhang::api {
namespace {

class ChannelThatCan final : public ports::PaymentChannel {
 public:
  [[nodiscard]] const ports::ChannelCapabilities& capabilities() const override { return can; }
  base::Result<std::string, ports::PayLinkRefusal> pay_link(const ports::ChannelOrder&,
                                                            base::Instant) override {
    return base::refuse(ports::PayLinkRefusal::not_a_link_channel);
  }
  void call(ports::PaymentCall, std::function<void(ports::PaymentAnswer)>) override {}
  base::Result<ports::PaymentNotice, ports::NoticeRefusal> read_notice(const ports::NoticeMessage&,
                                                                       base::Instant) override {
    return base::refuse(ports::NoticeRefusal::unreadable);
  }
  [[nodiscard]] std::string_view notice_accepted() const override { return ""; }
  [[nodiscard]] std::string_view notice_refused() const override { return ""; }

  ports::ChannelCapabilities can;
};

class ChannelEntryTest : public ::testing::Test {
 protected:
  ChannelEntry entry(ports::Way way, bool is_weak = false) {
    auto& channel = *channels_.emplace_back(std::make_unique<ChannelThatCan>());
    channel.can.way = way;
    channel.can.confirm_by_query = is_weak;
    ChannelEntry made;
    made.code = std::string(base::name_of(way)) + (is_weak ? "_weak" : "");
    made.channel = &channel;
    return made;
  }

  std::vector<std::unique_ptr<ChannelThatCan>> channels_;
};

TEST_F(ChannelEntryTest, TheCheckoutOffersLinksBeforeCodesAndWeakChannelsLast) {
  using ports::Way;
  std::vector<ChannelEntry> entries{entry(Way::page, true), entry(Way::qr), entry(Way::h5),
                                    entry(Way::wap), entry(Way::page)};
  std::ranges::stable_sort(entries, {}, place_at_checkout);
  std::vector<std::string> codes;
  for (const auto& each : entries) codes.push_back(each.code);
  EXPECT_EQ(codes, (std::vector<std::string>{"page", "wap", "h5", "qr", "page_weak"}));
}

TEST_F(ChannelEntryTest, AnOrderAboveTheChannelsLimitIsRefusedAndOneAtItIsNot) {
  auto capped = entry(ports::Way::page);
  capped.order_minor_max = 50'000;
  EXPECT_FALSE(channel_refusal(&capped, "", 50'000, Language::en));
  EXPECT_EQ(channel_refusal(&capped, "", 50'001, Language::en)->status, 422);
  capped.order_minor_max = 0;
  EXPECT_FALSE(channel_refusal(&capped, "", 50'001, Language::en)) << "0 is no limit";
  EXPECT_EQ(channel_refusal(nullptr, "", 1, Language::en)->status, 422);
}

TEST_F(ChannelEntryTest, APaySheetNeedsItsPayerAndOthersAreNotTold) {
  const auto sheet = entry(ports::Way::jsapi);
  for (const auto* wrong : {"", "o p", "<script>", "oé"})
    EXPECT_TRUE(channel_refusal(&sheet, wrong, 990, Language::en)) << wrong;
  EXPECT_FALSE(channel_refusal(&sheet, "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o", 990, Language::en));
  EXPECT_EQ(payer_of(sheet, "o1", "192.0.2.1").id, "o1");
  EXPECT_EQ(payer_of(sheet, "o1", "192.0.2.1").ip, "") << "it did not ask for the address";
  channels_.back()->can.names_payer = true;
  EXPECT_FALSE(channel_refusal(&sheet, "", 990, Language::en)) << "the channel will say who pays";
  EXPECT_TRUE(channel_refusal(&sheet, "o p", 990, Language::en)) << "nonsense stays nonsense";
  EXPECT_TRUE(payer_of(sheet, "", "192.0.2.1").to_be_named);
  EXPECT_FALSE(payer_of(sheet, "o1", "192.0.2.1").to_be_named);
  auto asking = entry(ports::Way::h5);
  channels_.back()->can.wants_payer_ip = true;
  EXPECT_EQ(payer_of(asking, "o1", "192.0.2.1").ip, "192.0.2.1");
  EXPECT_EQ(payer_of(asking, "o1", "192.0.2.1").id, "");
}

}  // namespace
}  // namespace daozhang::api
