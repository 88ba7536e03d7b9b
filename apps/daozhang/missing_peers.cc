#include "missing_peers.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

namespace daozhang::app {

std::vector<ports::OpenPeer> missing_peers(const std::vector<ports::OpenPeer>& needed,
                                           const Connections& connections) {
  std::vector<ports::OpenPeer> missing;
  std::copy_if(
      needed.begin(), needed.end(), std::back_inserter(missing), [&](const ports::OpenPeer& peer) {
        return peer.kind == ports::PeerKind::channel ? !connections.channels.contains(peer.name)
                                                     : !connections.suppliers.contains(peer.name);
      });
  return missing;
}

std::string section_of(const ports::OpenPeer& peer) {
  return fmt::format("{}.{}", base::name_of(peer.kind), peer.name);
}

std::string sentence_of(const ports::OpenPeer& peer) {
  const bool is_channel = peer.kind == ports::PeerKind::channel;
  return fmt::format(
      "{0} is not in the settings, and {1} open {2} wait on it: they could not be {3}. Put the "
      "section [{0}] back until they are closed, or start with --set "
      "store.allow_missing_peers=true to let them wait",
      section_of(peer), peer.order_count, peer.order_count == 1 ? "order" : "orders",
      is_channel ? "asked about, closed or given back" : "fulfilled, asked about or canceled");
}

}  // namespace daozhang::app
