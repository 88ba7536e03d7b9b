// One micro-batch: what its commands need is loaded together, each is decided in sequence against
// what the earlier ones left, and everything they changed becomes one Commit. Lives for one try; a
// refused commit starts over with a new one.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "domain/order/decider.h"
#include "engine/batch_shelf.h"
#include "engine/command.h"
#include "engine/engine.h"
#include "ports/order_store.h"

namespace daozhang::engine {

inline Answer refused(Refusal refusal) {
  Answer answer;
  answer.refusal = refusal;
  return answer;
}

// A message of a channel, for the inbox.
struct Heard {
  std::string channel;
  domain::FactSource source = domain::FactSource::notification;
  std::string says;  // What makes two of them the same.
  std::string text;  // What is kept.
};

// What was made of it.
struct Judged {
  domain::InboxVerdict verdict = domain::InboxVerdict::ignored;
  std::string reason;
};

class Batch {
 public:
  // `tries`: how many commits of these commands were refused before.
  Batch(Engine& engine, base::Instant now, domain::TimeTrust trust, int tries)
      : engine_(engine), now_(now), trust_(trust), tries_(tries) {}

  void load(std::span<const Command> commands);
  // Decides one command; its answer is kept until the commit is durable.
  void decide(const Command& command);
  // Versions, events and rows of everything that changed. Valid while the batch lives. Once.
  ports::Commit build_commit();

  // After the commit.
  std::vector<Answer> take_answers();
  std::vector<std::shared_ptr<const domain::Order>> changed_orders();
  // Those that came from the store and were not changed.
  [[nodiscard]] std::vector<std::shared_ptr<const domain::Order>> loaded_orders() const;
  [[nodiscard]] const std::vector<domain::Effect>& effects_added() const { return effects_added_; }
  [[nodiscard]] const std::vector<domain::Effect>& effects_ended() const { return effects_ended_; }
  [[nodiscard]] const domain::Order& order_after(domain::OrderKey key) const;
  // Of those added: submissions of which an earlier copy may have left.
  [[nodiscard]] const std::vector<domain::Effect>& sent_again() const { return sent_again_; }
  // Questions that were answered without news.
  struct AskedAgain {
    Questions::Key question;
    domain::AskAgain again;
  };
  [[nodiscard]] const std::vector<AskedAgain>& asked_again() const { return asked_again_; }
  // Questions that should be asked now.
  struct Hurried {
    Questions::Key question;
    bool is_hint = false;
  };
  [[nodiscard]] const std::vector<Hurried>& hurried() const { return hurried_; }
  // Questions that another engine has taken over.
  [[nodiscard]] const std::vector<Questions::Key>& lost_questions() const {
    return lost_questions_;
  }
  // The orders that it read, to be forgotten when the commit is refused.
  [[nodiscard]] std::vector<domain::OrderKey> touched() const;
  // Cached orders that were relied on and are not changed, so no version check covers them.
  [[nodiscard]] std::vector<domain::OrderKey> unproven() const;
  // What is in the store if and only if the built commit was executed; none if it changes no order.
  struct Mark {
    domain::OrderKey order;
    std::int64_t version = 0;
    std::string leaf;
  };
  [[nodiscard]] const std::optional<Mark>& mark() const { return mark_; }

 private:
  struct Slot {
    std::shared_ptr<const domain::Order> before;  // Null for a new order.
    std::shared_ptr<domain::Order> after;         // Null until something changes.
    domain::Cause cause;
    bool is_cached = false;     // `before` is what this engine committed last, and may be stale.
    bool is_relied_on = false;  // Something was decided by it.

    // As the commands so far leave it.
    [[nodiscard]] std::shared_ptr<const domain::Order> order() const {
      return after ? std::shared_ptr<const domain::Order>(after) : before;
    }
    [[nodiscard]] const domain::Order& now() const { return after ? *after : *before; }
  };
  struct Needs {
    std::vector<domain::OrderKey> orders;
    std::vector<domain::ClaimKey> claims;
    std::map<std::string, std::size_t> stock;  // By SKU.
  };

  void collect(const Command& command, Needs& needs) const;
  void load_orders(std::vector<domain::OrderKey> keys);
  void load_claims(const std::vector<domain::ClaimKey>& keys);
  void load_trades(std::span<const Command> commands);
  void load_flags(std::span<const Command> commands);
  void load_lost(std::span<const Command> commands);
  void load_stock(const std::string& sku, std::size_t count);

  Answer decide(const PlaceOrder& command);
  Answer decide(const OpenPayment& command);
  Answer decide(const TakeNotice& command);
  Answer decide(const RecordRefusedNotice& command);
  Answer decide(const TakeHint& command);
  Answer decide(const AskPayments& command);
  Answer decide(const AskByHand& command);
  Answer decide(const SendRefundAgain& command);
  Answer decide(const RefundWentByHand& command);
  Answer decide(const ChargeBack& command);
  Answer decide(const ReturnChargeback& command);
  Answer decide(const ForgiveBuyer& command);
  Answer decide(const PaymentAnswered& command);
  Answer decide(const SupplierAnswered& command);
  Answer decide(const Reveal& command);
  Answer decide(const Look& command);
  Answer decide(const CallAgain& command);
  Answer decide(const ImportStock& command);  // Never: it stands alone in its step.

  Answer place_new(const PlaceOrder& command, const domain::ClaimKey& key);
  Answer replay(const PlaceOrder& command, domain::OrderKey owner);
  [[nodiscard]] bool is_flagged(const PlaceOrder& command);
  void flag_contacts(const domain::Order& charged);
  // The orders that flag these contacts, or did.
  [[nodiscard]] std::vector<domain::OrderKey> flagging(const std::vector<std::string>& contacts);
  // Money for an order that is not there.
  struct Stray {
    domain::OrderKey order;
    std::int32_t intent_no = 1;
    std::string channel;
    std::int64_t amount_minor = 0;
    domain::Currency currency = domain::Currency::CNY;
    std::string actor;
    std::string reason;
    bool is_proven = true;  // The channel said so itself.
  };
  // The order that it names and the shop has lost, made anew to give the money back; null if the
  // shop has it, or no order can have such money.
  Slot* adopt(const Stray& money);
  // An answer with the order as it is after the command.
  static Answer answer_about(const Slot& slot);
  void claim(const domain::ClaimKey& key, domain::OrderKey owner);
  domain::InboxVerdict ask_because(Slot& slot, const std::string& channel,
                                   const std::function<void(domain::Decider&)>& ask);
  domain::InboxVerdict judge_refund_notice(const TakeNotice& command, Slot& slot,
                                           const domain::Intent& intent, std::string& reason);
  domain::InboxVerdict judge_notice(const TakeNotice& command, Slot& slot, std::int32_t intent_no,
                                    std::string& reason);
  bool claim_trade(const std::string& channel, const std::string& trade_no, domain::OrderKey order);
  Judged tell_answer(domain::Decider& decider, const domain::Order& order,
                     const PaymentAnswered& command, bool is_ours);
  void record(const Heard& heard, domain::InboxVerdict verdict, std::string reason,
              std::optional<domain::OrderKey> order);
  // Runs `tell` on a working copy, then all consequences; keeps the result only if `tell` says so.
  // `question`: what it tells is the answer to it.
  bool change(Slot& slot, const std::string& actor,
              const std::function<bool(domain::Decider&)>& tell,
              const domain::Effect* question = nullptr);
  // The same for the answer to a call. Its effect ends, unless it is a question that goes on.
  Answer change_by_answer(Slot& slot, const std::string& actor, const domain::Effect& effect,
                          const std::function<void(domain::Decider&)>& tell);
  void keep(Slot& slot, domain::Decision decision);
  void keep(const domain::ItemMove& move, const domain::Order& mover);
  bool end_effect(const domain::Effect& effect);
  // Whether an answer to it still counts.
  bool is_open(const domain::Effect& effect);
  [[nodiscard]] bool has_ended(const domain::Effect& effect) const;
  // What the order has given back to the shelf in this batch.
  [[nodiscard]] std::vector<domain::ItemKey> let_go_by(domain::OrderKey order) const;
  [[nodiscard]] bool is_hinted(const Questions::Key& question) const;
  void hurry(domain::Decider& decider, domain::OrderKey order);
  void take_over_question(domain::Decider& decider, domain::OrderKey order,
                          const domain::Hurry& wanted);
  void end_moot_questions(domain::Decider& decider, domain::OrderKey order);
  Slot* find(domain::OrderKey key);
  // The same, not relied on.
  Slot* peek(domain::OrderKey key);

  Engine& engine_;
  base::Instant now_;
  domain::TimeTrust trust_;
  int tries_;
  std::map<domain::OrderKey, Slot> slots_;
  std::map<domain::ClaimKey, domain::OrderKey> claimed_;
  std::map<std::string, std::vector<domain::ItemKey>> stock_;  // By SKU, what is still free.
  std::vector<domain::Claim> new_claims_;
  std::vector<ports::ItemChange> items_;
  std::vector<domain::Transfer> transfers_;
  std::vector<domain::Effect> effects_added_;
  std::vector<domain::Effect> effects_ended_;
  std::vector<domain::Effect> sent_again_;
  std::vector<AskedAgain> asked_again_;
  std::vector<Hurried> hurried_;
  std::vector<Questions::Key> lost_questions_;
  std::optional<Mark> mark_;
  std::map<std::string, domain::InboxEntry> inbox_;  // By digest.
  std::vector<Answer> answers_;
};

// Where a claim of this name lives, and an order whose idempotency key it is.
domain::ClaimKey claim_key(domain::ClaimKind kind, std::string_view name);
domain::ClaimKey idempotency_claim(domain::ShopId shop, std::string_view key);

// A contact as flags know it: of one shop, and an e-mail address in any letters.
std::vector<std::string> contacts_of(domain::ShopId shop, std::string_view email,
                                     std::string_view phone);
// Its `no`th claim, from 1 on: one for each order of it of which a payment was charged back.
domain::ClaimKey flag_key(const std::string& contact, int no);

}  // namespace daozhang::engine
