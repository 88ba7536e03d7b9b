// Where everything lives. Three faces of one store: the lane's (loads and commits), the reader's
// (pages), and the auditor's (fsck). No driver's word crosses it.
//
// What an adapter guarantees is what the weakest production store does: a commit is all or nothing
// and durable when it returns; keys are unique; conditional updates hold. Its result may be
// unknown.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/enum_names.h"
#include "base/instant.h"
#include "base/result.h"
#include "domain/identity/ids.h"
#include "domain/identity/partitions.h"
#include "domain/inventory/stock_item.h"
#include "domain/ledger/fee_posting.h"
#include "domain/ledger/transfer.h"
#include "domain/order/claim.h"
#include "domain/order/effect.h"
#include "domain/order/event.h"
#include "domain/order/order.h"
#include "domain/payment/inbox.h"

namespace daozhang::ports {

// `before` and `after` live as long as the commit call. `before` is nullptr for a new order, else
// it is what was loaded: its version must still be the stored one.
struct OrderChange {
  const domain::Order* before = nullptr;
  const domain::Order* after = nullptr;
  domain::Event event;
};

// A conditional update: it holds only if the item is still in `from`, and, unless that is
// `available`, still the named unit's.
struct ItemChange {
  domain::ItemKey item;
  domain::ItemState from = domain::ItemState::available;
  domain::ItemState to = domain::ItemState::held;
  domain::OrderKey order;
  std::int32_t unit_no = 0;
  base::Instant hold_expires_at;  // For held.
};

struct Commit {
  std::vector<OrderChange> orders;
  std::vector<domain::Claim> claims;  // All new; a taken one refuses the commit.
  std::vector<ItemChange> items;
  std::vector<domain::Transfer>
      transfers;  // The store adds them to the balances in the same transaction.
  std::vector<domain::Effect> effects_added;
  std::vector<domain::Effect> effects_ended;  // Deleted by (partition, order_id, effect_no); one
                                              // that is not there refuses the commit.
  std::vector<domain::InboxEntry>
      inbox;          // New, or known by its key(): then seen_count grows by the entry's
                      // and last_seen_at is set; verdict and reason stay those of the first.
  base::Instant now;  // Raises the stored high-water mark of time.

  // Nothing to write but the time.
  [[nodiscard]] bool is_empty() const {
    return orders.empty() && claims.empty() && items.empty() && transfers.empty() &&
           effects_added.empty() && effects_ended.empty() && inbox.empty();
  }
};

// New stock. Fingerprints that the shop already has are left out and counted.
struct StockImport {
  domain::ImportBatch batch;
  std::vector<domain::StockItem> items;
};

// A channel or supplier, by its configured name, that open orders still need, and how many of them.
enum class PeerKind { channel, supplier };
constexpr auto names_of(std::type_identity<PeerKind>) { return base::words("channel", "supplier"); }

struct OpenPeer {
  PeerKind kind = PeerKind::channel;
  std::string name;
  std::int64_t order_count = 0;
  friend bool operator==(const OpenPeer&, const OpenPeer&) = default;
};

enum class CommitRefusal {
  version_moved,  // Somebody else committed an order of the batch first: load again, decide again.
  claim_taken,    // The same, for a claim.
  item_moved,     // The same, for a stock item.
  effect_gone,    // Somebody else ended an effect of the batch first: its answer counts no more.
  unavailable,    // Nothing was written and nothing can be now (disk full, store gone).
  unknown,        // The commit was sent and its answer is lost: has_event tells.
};
constexpr auto names_of(std::type_identity<CommitRefusal>) {
  return base::words("version_moved", "claim_taken", "item_moved", "effect_gone", "unavailable",
                     "unknown");
}

// One lane's handle. One thread: the lane's. Several lanes, each with its own handle, may work over
// one store at once.
class OrderStore {
 public:
  virtual ~OrderStore() = default;

  // The orders that exist, in any order.
  virtual std::vector<domain::Order> load_orders(std::span<const domain::OrderKey> keys) = 0;
  virtual std::vector<domain::Claim> find_claims(std::span<const domain::ClaimKey> keys) = 0;
  // Up to `count` items in state available, oldest import first, none of `except`.
  virtual std::vector<domain::ItemKey> available_items(domain::ShopId shop, const std::string& sku,
                                                       std::size_t count,
                                                       std::span<const domain::ItemKey> except) = 0;
  // Orders of these partitions whose due_at is set and not after `now`, earliest first.
  virtual std::vector<domain::OrderKey> due_orders(domain::Partitions partitions, base::Instant now,
                                                   std::size_t limit) = 0;
  // The earliest due_at in these partitions; unset if there is none.
  virtual base::Instant earliest_due(domain::Partitions partitions) = 0;
  // The effects of these partitions that are decided, not after `decided_until` if that is set, and
  // not ended. By key.
  virtual std::vector<domain::Effect> open_effects(domain::Partitions partitions,
                                                   base::Instant decided_until) = 0;
  // The open effects of these orders.
  virtual std::vector<domain::Effect> effects_of(std::span<const domain::OrderKey> keys) = 0;
  // Whether this very event is stored: after `unknown` it tells whether the commit happened.
  virtual bool has_event(domain::OrderKey order, std::int64_t version, const std::string& leaf) = 0;
  // Whom the orders that are not closed still need: the channels of their unsettled intents, of
  // their payments (they may have to be given back) and of their refunds that are not settled; the
  // suppliers of their open attempts and unfinished units. By kind, then name. Asked once at start;
  // costs as much as there is open.
  virtual std::vector<OpenPeer> open_peers() = 0;
  // The latest `now` of any commit; unset in a new store.
  virtual base::Instant time_high_water() = 0;
  // The largest order id; zero in a new store. Ids given out later must be larger.
  virtual domain::OrderId last_order_id() = 0;

  // Refuses as CommitRefusal says; then nothing of it is there (except after unknown).
  virtual base::Result<void, CommitRefusal> commit(const Commit& changes) = 0;

  // Stores a batch of stock. Answers which of the items were new, one flag an item; the same import
  // again answers as the first. Refuses: unavailable, unknown, claim_taken (the batch's id is of
  // another batch, one with another data key: what is sealed under this one's could never be
  // opened).
  virtual base::Result<std::vector<bool>, CommitRefusal> import_stock(
      const StockImport& import) = 0;
};

// Which messages of channels. Those of one order, else the one whose digest begins so, else those
// that did not count; of these those that fit what else is said; the newest first.
struct InboxQuery {
  std::optional<domain::OrderKey> order;
  std::string digest;
  std::size_t count_max = 50;
  std::string channel;  // Empty: any; the same for what follows.
  std::string reason;
  std::optional<domain::InboxVerdict> verdict;
  base::Instant since;  // First seen then or later.
};

// For pages. Threads: any; each call sees one committed state.
class OrderReader {
 public:
  virtual ~OrderReader() = default;
  virtual std::optional<domain::Order> find_order(domain::OrderKey key) = 0;
  virtual std::vector<domain::StockItem> find_items(std::span<const domain::ItemKey> keys) = 0;
  virtual std::optional<domain::ImportBatch> find_batch(domain::BatchId batch) = 0;
  // By digest alone every message is looked at: for people, not for pages.
  virtual std::vector<domain::InboxEntry> find_messages(const InboxQuery& query) = 0;
  // Number of available items by sku, each counted up to `limit`.
  virtual std::map<std::string, std::int64_t> stock_levels(domain::ShopId shop,
                                                           std::int64_t limit) = 0;
};

// For fsck: every row once, in key order. Threads: one. Each callback's argument lives for the
// call.
class AuditSource {
 public:
  virtual ~AuditSource() = default;

  struct OrderStory {
    domain::Order order;
    std::vector<domain::Event> events;        // By version.
    std::vector<domain::Transfer> transfers;  // By transfer_no.
    std::vector<domain::Effect> effects;      // By effect_no.
  };
  virtual void each_order(const std::function<void(const OrderStory&)>& visit) = 0;
  virtual void each_item(const std::function<void(const domain::StockItem&)>& visit) = 0;
  virtual void each_batch(const std::function<void(const domain::ImportBatch&)>& visit) = 0;
  virtual void each_claim(const std::function<void(const domain::Claim&)>& visit) = 0;
  virtual void each_balance(const std::function<void(const domain::Balance&)>& visit) = 0;
  virtual void each_fee_posting(const std::function<void(const domain::FeePosting&)>& visit) = 0;
  virtual void each_inbox_entry(const std::function<void(const domain::InboxEntry&)>& visit) = 0;
  // Rows of events, transfers, effects and children whose order does not exist: what and how many.
  virtual std::map<std::string, std::int64_t> orphan_rows() = 0;
  // The store's own integrity check; empty if clean, else its words.
  virtual std::vector<std::string> integrity_problems() = 0;
};

}  // namespace daozhang::ports
