// Makes the configured payment channels and suppliers. One that can not work does not start the
// shop.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "api/storefront/storefront.h"
#include "lane/clock.h"
#include "net/http_client.h"
#include "settings/shop_settings.h"

namespace daozhang::app {

struct Connections {
  std::map<std::string, std::unique_ptr<ports::PaymentChannel>> channels;
  std::map<std::string, std::unique_ptr<ports::Supplier>> suppliers;
  std::vector<api::ChannelEntry> entries;  // As the checkout offers them.
};

// False after telling the operator what is wrong.
bool make_connections(const settings::Settings& settings, net::HttpClient& client,
                      const lane::Clock& clock, Connections& connections);

}  // namespace daozhang::app
