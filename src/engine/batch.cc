#include "engine/batch.h"

#include <algorithm>
#include <set>

#include "base/check.h"
#include "base/hex.h"
#include "base/sha256.h"
#include "domain/order/references.h"
#include "engine/draws.h"

namespace daozhang::engine {
namespace {

using domain::ClaimKind;
using domain::InboxVerdict;
using domain::OrderKey;

constexpr std::size_t salt_size = 16;
// Free items beyond those needed from which an outrun batch chooses; doubled at each try.
constexpr std::size_t stock_spread = 16;

std::string sha256_hex(std::string_view text) {
  return base::to_hex(base::view(base::sha256(text)));
}

domain::Partition partition_of_digest(std::string_view hex_digest) {
  const auto first = base::from_hex(hex_digest.substr(0, 2));
  CHECK(first);
  return domain::Partition{static_cast<unsigned char>((*first)[0]) % domain::partition_count};
}

std::string trade_name(std::string_view channel, std::string_view trade_no) {
  return std::string(channel) + "\n" + std::string(trade_no);
}

}  // namespace

domain::ClaimKey claim_key(ClaimKind kind, std::string_view name) {
  std::string digest = sha256_hex(name);
  const auto partition = partition_of_digest(digest);
  if (kind == ClaimKind::trade_no) return {partition, kind, std::string(name)};
  return {partition, kind, std::move(digest)};
}

domain::ClaimKey idempotency_claim(domain::ShopId shop, std::string_view key) {
  return claim_key(ClaimKind::idempotency_key,
                   std::to_string(shop.value) + "\n" + std::string(key));
}

void Batch::collect(const Command& command, Needs& needs) const {
  if (const auto* place = std::get_if<PlaceOrder>(&command.body)) {
    needs.claims.push_back(idempotency_claim(place->product.shop_id, place->idempotency_key));
    for (const auto& contact :
         contacts_of(place->product.shop_id, place->contact_email, place->contact_phone))
      needs.claims.push_back(flag_key(contact, 1));
    if (place->product.kind == domain::ProductKind::secret)
      needs.stock[place->product.sku] += static_cast<std::size_t>(place->quantity);
  } else if (const auto* notice = std::get_if<TakeNotice>(&command.body)) {
    if (const auto ref = domain::parse_trade_ref(notice->notice.trade_ref))
      if (const auto key = engine_.numbers_.order_of(ref->order_no)) needs.orders.push_back(*key);
    needs.claims.push_back(
        claim_key(ClaimKind::trade_no, trade_name(notice->channel, notice->notice.trade_no)));
  } else if (const auto* payment = std::get_if<PaymentAnswered>(&command.body)) {
    needs.orders.push_back(payment->effect.order());
  } else if (const auto* supplier = std::get_if<SupplierAnswered>(&command.body)) {
    needs.orders.push_back(supplier->effect.order());
  } else if (const auto* open = std::get_if<OpenPayment>(&command.body)) {
    needs.orders.push_back(open->order);
  } else if (const auto* hint = std::get_if<TakeHint>(&command.body)) {
    needs.orders.push_back(hint->order);
  } else if (const auto* ask = std::get_if<AskPayments>(&command.body)) {
    needs.orders.push_back(ask->order);
  } else if (const auto* by_hand = std::get_if<AskByHand>(&command.body)) {
    needs.orders.push_back(by_hand->order);
  } else if (const auto* again = std::get_if<SendRefundAgain>(&command.body)) {
    needs.orders.push_back(again->order);
  } else if (const auto* by_other_way = std::get_if<RefundWentByHand>(&command.body)) {
    needs.orders.push_back(by_other_way->order);
  } else if (const auto* charged = std::get_if<ChargeBack>(&command.body)) {
    needs.orders.push_back(charged->order);
  } else if (const auto* returned = std::get_if<ReturnChargeback>(&command.body)) {
    needs.orders.push_back(returned->order);
  } else if (const auto* forgiven = std::get_if<ForgiveBuyer>(&command.body)) {
    needs.orders.push_back(forgiven->order);
  } else if (const auto* reveal = std::get_if<Reveal>(&command.body)) {
    needs.orders.push_back(reveal->order);
  } else if (const auto* look = std::get_if<Look>(&command.body)) {
    needs.orders.push_back(look->order);
  } else if (const auto* left = std::get_if<CallAgain>(&command.body)) {
    needs.orders.push_back(left->effect.order());
  }
}

void Batch::load(std::span<const Command> commands) {
  Needs needs;
  for (const auto& command : commands) collect(command, needs);
  load_claims(needs.claims);
  for (const auto& claim : needs.claims)
    if (claim.kind == ClaimKind::idempotency_key)
      if (const auto it = claimed_.find(claim); it != claimed_.end())
        needs.orders.push_back(it->second);
  load_orders(std::move(needs.orders));
  load_trades(commands);
  load_flags(commands);
  load_lost(commands);
  // Orders that lost their hold take stock again when they are paid late.
  for (const auto& [key, slot] : slots_)
    if (slot.before && slot.before->is_expired() &&
        slot.before->header.kind == domain::ProductKind::secret)
      needs.stock[slot.before->header.sku] += slot.before->units.size();
  for (const auto& [sku, count] : needs.stock) load_stock(sku, count);
}

// A query that found money claims the channel's trade number; that channel is known only from the
// order.
void Batch::load_trades(std::span<const Command> commands) {
  std::vector<domain::ClaimKey> trades;
  for (const auto& command : commands) {
    const auto* payment = std::get_if<PaymentAnswered>(&command.body);
    if (payment == nullptr || payment->answer.trade_no.empty()) continue;
    const Slot* slot = peek(payment->effect.order());
    if (slot == nullptr) continue;
    for (const auto& intent : slot->before->intents)
      if (intent.intent_no == payment->effect.subject_no)
        trades.push_back(
            claim_key(ClaimKind::trade_no, trade_name(intent.channel, payment->answer.trade_no)));
  }
  load_claims(trades);
}

// The oldest are sold first. Where another engine sells them too and was faster, some are left out
// by lot, so that the two do not meet again.
void Batch::load_stock(const std::string& sku, std::size_t count) {
  const bool spreads = engine_.settings_.shares_store && tries_ > 0;
  const std::size_t spread = spreads ? stock_spread << tries_ : 0;
  auto found = engine_.store_.available_items(domain::first_shop, sku, count + spread, {});
  if (found.size() > count) {
    const auto choices = static_cast<std::int64_t>(found.size() - count + 1);
    const auto skipped = spreads ? draw_below(engine_.entropy_, choices) : 0;
    found.erase(found.begin(), found.begin() + skipped);
    found.resize(count);
  }
  std::reverse(found.begin(), found.end());
  stock_[sku] = std::move(found);
}

void Batch::load_claims(const std::vector<domain::ClaimKey>& keys) {
  if (keys.empty()) return;
  for (const auto& claim : engine_.store_.find_claims(keys)) claimed_[claim.key()] = claim.owner();
}

void Batch::load_orders(std::vector<OrderKey> keys) {
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  std::vector<OrderKey> missing;
  for (const auto& key : keys) {
    if (auto cached = engine_.cache_.find(key)) {
      slots_[key].before = std::move(cached);
      slots_[key].is_cached = true;
    } else {
      missing.push_back(key);
    }
  }
  if (missing.empty()) return;
  for (auto& order : engine_.store_.load_orders(missing)) {
    const auto key = order.key();
    slots_[key].before = std::make_shared<const domain::Order>(std::move(order));
  }
}

Batch::Slot* Batch::peek(OrderKey key) {
  const auto it = slots_.find(key);
  return it == slots_.end() ? nullptr : &it->second;
}

Batch::Slot* Batch::find(OrderKey key) {
  Slot* slot = peek(key);
  if (slot != nullptr) slot->is_relied_on = true;
  return slot;
}

bool Batch::change(Slot& slot, const std::string& actor,
                   const std::function<bool(domain::Decider&)>& tell,
                   const domain::Effect* question) {
  const domain::Order& current = slot.now();
  auto work = std::make_shared<domain::Order>(current);
  std::vector<domain::ItemKey> own;
  if (current.header.expired_at.is_set()) own = let_go_by(current.key());
  BatchShelf shelf(stock_[current.header.sku], std::move(own));
  domain::Decider decider(*work, engine_.settings_.policy,
                          engine_.terms_of(current.header.supplier), shelf, now_, actor, trust_);
  const bool resumes = question != nullptr && decider.is_awaited(*question);
  const auto key = resumes ? Engine::key_of(*question) : Questions::Key{};
  if (resumes) decider.resume_question(*question, engine_.questions_.asked(key));
  if (!tell(decider)) return false;
  if (resumes && is_hinted(key)) decider.ask_behind_answer(*question, current);
  decider.progress();
  if (resumes)
    if (const auto again = decider.keep_asking(*question, current))
      asked_again_.push_back({key, *again});
  hurry(decider, current.key());
  end_moot_questions(decider, current.key());
  auto decision = decider.take();
  if (decision.cause.what.empty() && *work == current) return true;
  // An answer that settled nothing, or time that only moved the next look (S30).
  if (decision.cause.what.empty()) decision.cause.what.emplace_back("noted");
  shelf.keep();
  slot.after = std::move(work);
  keep(slot, std::move(decision));
  return true;
}

std::vector<domain::ItemKey> Batch::let_go_by(OrderKey order) const {
  std::vector<domain::ItemKey> items;
  for (const auto& change : items_)
    if (change.order == order && change.to == domain::ItemState::available)
      items.push_back(change.item);
  return items;
}

// Before this batch, or in it.
bool Batch::is_hinted(const Questions::Key& question) const {
  return engine_.questions_.is_hinted(question) ||
         std::ranges::any_of(hurried_, [&](const Hurried& hurried) {
           return hurried.is_hint && hurried.question == question;
         });
}

Answer Batch::change_by_answer(Slot& slot, const std::string& actor, const domain::Effect& effect,
                               const std::function<void(domain::Decider&)>& tell) {
  const auto known = asked_again_.size();
  const auto* const before = &slot.now();
  const bool is_question = engine_.questions_.contains(Engine::key_of(effect));
  change(
      slot, actor,
      [&](domain::Decider& decider) {
        tell(decider);
        return true;
      },
      is_question ? &effect : nullptr);
  Answer answer;
  if (asked_again_.size() > known) {
    // No news of an order that is out of date is heard anew at the next answer.
    answer.repeated = &slot.now() == before;
    return answer;
  }
  slot.is_relied_on = true;
  end_effect(effect);
  return answer;
}

void Batch::keep(Slot& slot, domain::Decision decision) {
  auto& actor = slot.cause.actor;
  if (actor.empty())
    actor = decision.cause.actor;
  else if (actor.find(decision.cause.actor) == std::string::npos)
    actor += "," + decision.cause.actor;
  for (auto& what : decision.cause.what) slot.cause.what.push_back(std::move(what));
  auto& reason = slot.cause.reason;
  if (!reason.empty() && !decision.cause.reason.empty()) reason += "; ";
  reason += decision.cause.reason;
  for (const auto& move : decision.items) keep(move, *slot.after);
  for (auto& transfer : decision.transfers) transfers_.push_back(std::move(transfer));
  for (auto& effect : decision.effects) effects_added_.push_back(effect);
}

// What an order let go of and takes again moves once in the commit. An item that another order
// moves as well is no concern of this: one of the two is out of date, and the commit is refused.
void Batch::keep(const domain::ItemMove& move, const domain::Order& mover) {
  const ports::ItemChange change{move.item,   move.from,    move.to,
                                 mover.key(), move.unit_no, move.hold_expires_at};
  const auto is_same = [&](const ports::ItemChange& known) {
    return known.item == move.item && known.order == change.order;
  };
  const auto known =
      mover.header.expired_at.is_set() ? std::ranges::find_if(items_, is_same) : items_.end();
  if (known == items_.end()) return items_.push_back(change);
  CHECK(known->to == move.from);
  const auto from = known->from;
  *known = change;
  known->from = from;
}

bool Batch::is_open(const domain::Effect& effect) {
  const auto key = Engine::key_of(effect);
  if (!engine_.open_effects_.contains(key) || has_ended(effect)) return false;
  if (!engine_.settings_.shares_store || !engine_.questions_.contains(key)) return true;
  // Answered without news it is part of no commit that would tell.
  const auto order = effect.order();
  const auto open = engine_.store_.effects_of({&order, 1});
  if (std::ranges::find(open, effect.effect_no, &domain::Effect::effect_no) != open.end())
    return true;
  lost_questions_.push_back(key);
  return false;
}

bool Batch::has_ended(const domain::Effect& effect) const {
  return std::ranges::any_of(effects_ended_, [&](const domain::Effect& ended) {
    return ended.order() == effect.order() && ended.effect_no == effect.effect_no;
  });
}

bool Batch::end_effect(const domain::Effect& effect) {
  if (has_ended(effect)) return false;
  effects_ended_.push_back(effect);
  return true;
}

void Batch::hurry(domain::Decider& decider, OrderKey order) {
  for (const auto& wanted : decider.to_hurry()) {
    const auto question = engine_.questions_.find(order, wanted.question, wanted.no);
    if (question && is_open(*question))
      hurried_.push_back({Engine::key_of(*question), wanted.is_hint});
    else if (engine_.settings_.shares_store)
      take_over_question(decider, order, wanted);
    // Else it is nobody's, and about to be asked: its maker is gone.
  }
}

// Another engine asks it; decided anew, it is asked from here.
void Batch::take_over_question(domain::Decider& decider, OrderKey order,
                               const domain::Hurry& wanted) {
  for (const auto& open : engine_.store_.effects_of({&order, 1}))
    if (open.kind == wanted.question && open.subject_no == wanted.no && end_effect(open))
      decider.call_again(open);
}

// Nobody waits for them any more. One that is on its way ends with its answer.
void Batch::end_moot_questions(domain::Decider& decider, OrderKey order) {
  for (const auto& effect : engine_.questions_.waiting(order))
    if (!decider.is_awaited(effect)) end_effect(effect);
}

bool Batch::claim_trade(const std::string& channel, const std::string& trade_no, OrderKey order) {
  const auto key = claim_key(ClaimKind::trade_no, trade_name(channel, trade_no));
  if (const auto known = claimed_.find(key); known != claimed_.end()) return known->second == order;
  claim(key, order);
  return true;
}

void Batch::claim(const domain::ClaimKey& key, OrderKey owner) {
  domain::Claim claim;
  claim.partition = key.partition;
  claim.kind = key.kind;
  claim.name = key.name;
  claim.order_partition = owner.partition;
  claim.order_id = owner.order_id;
  claim.claimed_at = now_;
  new_claims_.push_back(std::move(claim));
  claimed_[key] = owner;
}

void Batch::record(const Heard& heard, InboxVerdict verdict, std::string reason,
                   std::optional<OrderKey> order) {
  const std::string digest = sha256_hex(
      heard.channel + "\n" + std::string(base::name_of(heard.source)) + "\n" + heard.says);
  auto [it, is_new] = inbox_.emplace(digest, domain::InboxEntry{});
  auto& entry = it->second;
  entry.last_seen_at = now_;
  if (!is_new) {
    ++entry.seen_count;
    return;
  }
  entry.partition = partition_of_digest(digest);
  entry.digest = digest;
  entry.channel = heard.channel;
  entry.source = heard.source;
  entry.verdict = verdict;
  entry.reason = std::move(reason);
  if (order) {
    entry.order_partition = order->partition;
    entry.order_id = order->order_id;
  }
  entry.body = heard.text.substr(0, domain::inbox_body_max);
  entry.first_seen_at = now_;
}

void Batch::decide(const Command& command) {
  Answer answer = std::visit([this](const auto& body) { return decide(body); }, command.body);
  answer.ticket = command.ticket;
  answers_.push_back(std::move(answer));
}

Answer Batch::decide(const ImportStock&) { UNREACHABLE(); }

ports::Commit Batch::build_commit() {
  ports::Commit commit;
  commit.now = now_;
  for (auto& [key, slot] : slots_) {
    if (!slot.after) continue;
    auto& after = *slot.after;
    after.header.version = (slot.before ? slot.before->header.version : 0) + 1;
    ports::OrderChange change;
    change.before = slot.before.get();
    change.after = &after;
    change.event.partition = key.partition;
    change.event.order_id = key.order_id;
    change.event.version = after.header.version;
    change.event.at = now_;
    change.event.body = domain::change_body(slot.before.get(), after, slot.cause);
    change.event.salt = engine_.entropy_.bytes(salt_size);
    change.event.leaf = domain::leaf_hash(change.event.salt, change.event.body);
    commit.orders.push_back(std::move(change));
  }
  if (!commit.orders.empty()) {
    const auto& event = commit.orders.front().event;
    mark_ = {commit.orders.front().after->key(), event.version, event.leaf};
  }
  commit.claims = std::move(new_claims_);
  commit.items = std::move(items_);
  commit.transfers = std::move(transfers_);
  commit.effects_added = effects_added_;
  commit.effects_ended = effects_ended_;
  for (auto& [digest, entry] : inbox_) commit.inbox.push_back(std::move(entry));
  return commit;
}

std::vector<Answer> Batch::take_answers() {
  for (auto& answer : answers_) {
    if (!answer.order) continue;
    const Slot* slot = find(answer.order->key());
    if (slot != nullptr && slot->after) answer.order = slot->after;
  }
  return std::move(answers_);
}

std::vector<std::shared_ptr<const domain::Order>> Batch::changed_orders() {
  std::vector<std::shared_ptr<const domain::Order>> changed;
  for (auto& [key, slot] : slots_)
    if (slot.after) changed.push_back(slot.after);
  return changed;
}

std::vector<std::shared_ptr<const domain::Order>> Batch::loaded_orders() const {
  std::vector<std::shared_ptr<const domain::Order>> loaded;
  for (const auto& [key, slot] : slots_)
    if (!slot.after && slot.before && !slot.is_cached) loaded.push_back(slot.before);
  return loaded;
}

const domain::Order& Batch::order_after(OrderKey key) const {
  const auto it = slots_.find(key);
  CHECK(it != slots_.end());
  return it->second.now();
}

std::vector<OrderKey> Batch::touched() const {
  std::vector<OrderKey> keys;
  for (const auto& [key, slot] : slots_) keys.push_back(key);
  return keys;
}

std::vector<OrderKey> Batch::unproven() const {
  std::vector<OrderKey> keys;
  for (const auto& [key, slot] : slots_)
    if (slot.is_cached && slot.is_relied_on && !slot.after) keys.push_back(key);
  return keys;
}

}  // namespace daozhang::engine
