// One run of the load against a running shop: place, sign, notify, look, pay links. Every answer is
// checked; one that is not what a buyer would need ends the run.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "hammer/load_client.h"
#include "hammer/report.h"
#include "hammer/shop_requests.h"

namespace daozhang::hammer {

struct CampaignOptions {
  LoadOptions load;
  std::string sku;
  std::string channel;
  Merchant merchant;
  std::string alipay_key_file;  // PEM; signs what Alipay would sign.
  std::size_t order_count = 0;
  std::size_t pay_link_count = 0;
  std::size_t look_count = 200;  // Orders whose page must say `delivered` afterwards.
  unsigned signer_count = 2;     // Threads; outside the timed windows.
};

// `tell` is called with a line as each part begins. Blocks until the end. Refused with a sentence.
base::Result<Report, std::string> run_campaign(const CampaignOptions& options,
                                               const std::function<void(std::string_view)>& tell);

}  // namespace daozhang::hammer
