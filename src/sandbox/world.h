// The sandbox's whole state behind one lock: all books, the faults, what is to be told to others,
// and the journal. Any thread may call; nothing here waits for a network.
#pragma once

#include <array>
#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "base/instant.h"
#include "base/result.h"
#include "sandbox/alipay_book.h"
#include "sandbox/delivery_queue.h"
#include "sandbox/epay_book.h"
#include "sandbox/fault_board.h"
#include "sandbox/journal.h"
#include "sandbox/supplier_book.h"
#include "sandbox/wechat_book.h"

namespace daozhang::sandbox {

struct WorldOptions {
  AlipayIdentity identity;
  SupplierTerms terms;
  std::int64_t notify_speed = 1;  // Divides the waits of the retry tables.
  std::string journal_path;       // Empty: nothing is kept.
  std::uint64_t seed = 0;         // Of trade and order numbers.
  WechatIdentity wechatpay = {};
  EpayIdentity epay = {};
};

class World {
 public:
  // What a caller works on while it holds the lock.
  struct Books {
    FaultBoard& faults;
    DeliveryQueue& deliveries;
    AlipayBook& alipay;
    WechatBook& wechatpay;
    EpayBook& epay;
    SupplierBook& supplier;
    base::Instant now;

    // The payment channels' books, in the order in which a trade is looked for.
    [[nodiscard]] std::array<TradeBook*, 3> channels() const {
      return {&alipay, &wechatpay, &epay};
    }
    [[nodiscard]] TradeBook& of(Channel channel) const {
      return *channels().at(static_cast<std::size_t>(channel));
    }
    // The book that has the trade; null pointer if none has.
    [[nodiscard]] TradeBook* holder(std::string_view out_trade_no) const;
    [[nodiscard]] TradeBook* holder_by_trade_no(std::string_view trade_no) const;
    // Moves every book's time forward.
    void step() const;
  };

  explicit World(WorldOptions options);
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  // Reads the journal; once, before anything else. Refuses with a sentence.
  base::Result<void, std::string> open();

  // Runs `work` under the lock and keeps what it changed before it returns. `work` must not call
  // back into the world, and gives a value. Then tells whoever listens that something may have
  // become due.
  template <class Work>
  auto with(Work&& work) {
    auto value = with_quietly(std::forward<Work>(work));
    if (on_change_) on_change_();
    return value;
  }
  // The same without telling anybody, for the listener itself.
  template <class Work>
  auto with_quietly(Work&& work) {
    const std::scoped_lock lock(mutex_);
    Books books = all();
    auto value = work(books);
    keep();
    return value;
  }

  // Forgets everything and switches all faults off.
  void reset();
  // When the next thing happens by itself; unset if nothing waits.
  base::Instant next_due();
  // Set before the first `with`; called outside the lock, on the caller's thread.
  void on_change(std::function<void()> listener) { on_change_ = std::move(listener); }

  static base::Instant now();

 private:
  Books all() { return {faults_, deliveries_, alipay_, wechatpay_, epay_, supplier_, now()}; }
  void keep();

  std::mutex mutex_;
  FaultBoard faults_;
  DeliveryQueue deliveries_;
  AlipayBook alipay_;
  WechatBook wechatpay_;
  EpayBook epay_;
  SupplierBook supplier_;
  Journal journal_;
  std::function<void()> on_change_;
};

}  // namespace daozhang::sandbox
