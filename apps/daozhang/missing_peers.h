// Channels and suppliers that open orders of the store still need and that the settings no longer
// have. Without them those orders would wait for ever and nobody would be told.
#pragma once

#include <string>
#include <vector>

#include "channels.h"
#include "ports/order_store.h"

namespace daozhang::app {

std::vector<ports::OpenPeer> missing_peers(const std::vector<ports::OpenPeer>& needed,
                                           const Connections& connections);

// `channel.alipay`, as its section is called.
std::string section_of(const ports::OpenPeer& peer);

// What the operator is told of one, with how to get on.
std::string sentence_of(const ports::OpenPeer& peer);

}  // namespace daozhang::app
