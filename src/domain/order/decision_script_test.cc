#include <algorithm>
#include <functional>
#include <memory>
#include <optional>

#include "domain/order/decision_script.h"

namespace daozhang::domain {
namespace {

base::Duration duration_of(const std::string& text) {
  std::int64_t number = 0;
  base::Duration sum;
  for (const char c : text) {
    if (c >= '0' && c <= '9') {
      number = number * 10 + (c - '0');
      continue;
    }
    sum = sum + (c == 'h'   ? base::hours(number)
                 : c == 'm' ? base::minutes(number)
                            : base::seconds(number));
    number = 0;
  }
  return sum;
}

std::string text_of(base::Instant t) {
  if (!t.is_set()) return "none";
  const auto seconds = (t - script_start).micros / 1'000'000;
  std::string text;
  if (seconds / 3600 > 0) text += std::to_string(seconds / 3600) + "h";
  if (seconds / 60 % 60 > 0) text += std::to_string(seconds / 60 % 60) + "m";
  if (seconds % 60 > 0 || text.empty()) text += std::to_string(seconds % 60) + "s";
  return text;
}

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

std::string trimmed(const std::string& text) {
  const auto words = words_of(text);
  std::string joined;
  for (const auto& word : words) joined += (joined.empty() ? "" : " ") + word;
  return joined;
}

// `key=value` of a given line, or `otherwise`.
std::string option(const std::vector<std::string>& words, const std::string& key,
                   const std::string& otherwise) {
  for (const auto& word : words)
    if (word.starts_with(key + "=")) return word.substr(key.size() + 1);
  return otherwise;
}

class Player {
 public:
  void play_line(const std::string& line) {
    const auto arrow = line.find("->");
    const auto words = words_of(line.substr(0, arrow));
    if (words.empty()) return;
    SCOPED_TRACE(line);
    if (words[0] == "given") return given(words);
    if (words[0] == "channel") return terms_of(words);
    now_ = script_start + duration_of(words[0]);
    if (words[1] == "sold_elsewhere") return subject_->shelf.sell_one();
    if (words[1] == "doubt") subject_->trust = TimeTrust::doubtful;
    if (words[1] == "trust") subject_->trust = TimeTrust::trusted;
    const std::vector<std::string> arguments(words.begin() + 2, words.end());
    decision_ = subject_->tell(now_, [&](Decider& d) { act(d, words[1], arguments); });
    compare(arrow == std::string::npos ? "" : line.substr(arrow + 2));
  }

 private:
  void given(const std::vector<std::string>& words) {
    const auto kind = base::enum_named<ProductKind>(words[1]);
    ASSERT_TRUE(kind);
    subject_ = std::make_unique<OrderUnderTest>(*kind, std::stoi(option(words, "quantity", "1")),
                                                std::stoi(option(words, "stock", "10")),
                                                std::stoi(option(words, "promise", "1800")));
    subject_->policy.attempts_max = std::stoi(option(words, "tries", "12"));
    subject_->terms.cancel = option(words, "cancel", "yes") == "yes";
    subject_->terms.idempotent = option(words, "idempotent", "yes") == "yes";
  }

  void terms_of(const std::vector<std::string>& words) {
    auto& terms = subject_->policy.channels[words.at(1)];
    terms.close = option(words, "close", "yes") == "yes";
    terms.idempotent_refund = option(words, "once", "no") == "no";
    terms.refund_query = option(words, "refund_query", "yes") == "yes";
    terms.refund_window = duration_of(option(words, "window", "8760h"));
    terms.refund_spacing = duration_of(option(words, "spacing", "1s"));
  }

  void act(Decider& d, const std::string& verb, const std::vector<std::string>& arguments) {
    const int no = arguments.empty() ? 0 : std::atoi(arguments[0].c_str());
    const std::string more = arguments.size() > 1 ? arguments[1] : "";
    const auto pay = [&](FactSource source) {
      PaymentFact fact;
      fact.intent_no = no;
      fact.amount_minor = std::stoll(more);
      fact.trade_no = arguments.size() > 2 ? arguments[2] : "T" + std::to_string(no);
      fact.source = source;
      d.apply_payment(fact);
    };
    const std::map<std::string, std::function<void()>> verbs = {
        {"place",
         [&] {
           EXPECT_TRUE(d.place());
           EXPECT_TRUE(d.open_intent("page", !arguments.empty()));
         }},
        {"tick", [] {}},
        {"doubt", [] {}},
        {"trust", [] {}},
        {"open", [&] { EXPECT_TRUE(d.open_intent(arguments[0], more == "qr")); }},
        {"open_unnamed",
         [&] { EXPECT_TRUE(d.open_intent(arguments[0], true, {.to_be_named = true})); }},
        {"open_named", [&] { EXPECT_TRUE(d.open_intent(arguments[0], true, {.id = more})); }},
        {"open_refused", [&] { EXPECT_FALSE(d.open_intent(arguments[0], false)); }},
        {"pays", [&] { pay(FactSource::notification); }},
        {"prepared", [&] { d.intent_prepared(no, "code"); }},
        {"refused", [&] { d.intent_refused(no, "no"); }},
        {"unpaid",
         [&] {
           const auto asked_at = more.empty() ? now_ : script_start + duration_of(more);
           d.intent_unpaid(no, asked_at);
         }},
        {"not_exist",
         [&] {
           const auto asked_at = more.empty() ? now_ : script_start + duration_of(more);
           d.intent_not_exist(no, asked_at);
         }},
        {"closed", [&] { d.intent_closed(no); }},
        {"intent_unknown", [&] { d.intent_unknown(no, "timeout"); }},
        {"ask_intent", [&] { d.ask_intent(no); }},
        {"accepted", [&] { d.attempt_accepted(no, "S1"); }},
        {"done", [&] { d.attempt_done(no, "S1", "proof", 900); }},
        {"failed", [&] { d.attempt_failed(no, "refused", more == "retry"); }},
        {"canceled", [&] { d.attempt_canceled(no); }},
        {"unknown", [&] { d.attempt_unknown(no, "timeout"); }},
        {"not_found",
         [&] {
           const auto asked_at = more.empty() ? now_ : script_start + duration_of(more);
           d.attempt_not_found(no, "not_found", asked_at);
         }},
        {"left",
         [&] {
           Effect left;
           left.kind = base::enum_named<EffectKind>(arguments.at(0)).value();
           left.subject_no = std::stoi(arguments.at(1));
           d.call_again(left);
         }},
        {"reversed", [&] { d.attempt_reversed(no, "reversed"); }},
        {"hint", [&] { d.ask_attempt(no); }},
        {"says_paid", [&] { d.ask_intents(); }},
        {"not_ours", [&] { d.money_not_ours(no, "currency_differs"); }},
        {"reveal", [&] { EXPECT_TRUE(d.reveal()); }},
        {"reveal_refused", [&] { EXPECT_FALSE(d.reveal()); }},
    };
    if (act_on_refund(d, verb, no, more)) return;
    const auto it = verbs.find(verb);
    ASSERT_NE(it, verbs.end()) << "no such verb: " << verb;
    it->second();
  }

  static bool act_on_refund(Decider& d, const std::string& verb, int no, const std::string& more) {
    const std::map<std::string, std::function<void()>> verbs = {
        {"refund_accepted", [&] { d.refund_accepted(no, false); }},
        {"refund_found", [&] { d.refund_accepted(no, true); }},
        {"refund_unknown", [&] { d.refund_unknown(no, "timeout"); }},
        {"refund_not_found", [&] { d.refund_not_found(no); }},
        {"refund_stuck", [&] { d.refund_stuck(no, "abnormal"); }},
        {"ask_refund", [&] { d.ask_refund(no); }},
        {"send_again", [&] { EXPECT_TRUE(d.send_refund_again(no, "not in the books")); }},
        {"found_in_books", [&] { EXPECT_TRUE(d.refund_found_in_books(no, "in the books")); }},
        {"found_refused", [&] { EXPECT_FALSE(d.refund_found_in_books(no, "in the books")); }},
        {"send_again_refused", [&] { EXPECT_FALSE(d.send_refund_again(no, "not in the books")); }},
        {"refund_pending", [&] { d.refund_pending(no); }},
        {"refund_refused", [&] { d.refund_refused(no, "no", more == "later"); }},
    };
    const auto it = verbs.find(verb);
    if (it == verbs.end()) return false;
    it->second();
    return true;
  }

  void compare(const std::string& expected_text) {
    std::set<std::string> expected;
    std::istringstream in(expected_text);
    for (std::string token; std::getline(in, token, ',');)
      if (!trimmed(token).empty()) expected.insert(trimmed(token));
    std::multiset<std::string> calls;
    for (const auto& effect : decision_.effects)
      calls.insert(std::string(base::name_of(effect.kind)) + "#" +
                   std::to_string(effect.subject_no));
    for (const auto& call : calls) {
      EXPECT_TRUE(expected.contains(call)) << "a call that the script does not expect: " << call;
      EXPECT_EQ(calls.count(call), 1U) << call << " twice";
    }
    for (const auto& token : expected) expect_token(token, calls);
  }

  void expect_token(const std::string& token, const std::multiset<std::string>& calls) {
    if (token.find('#') != std::string::npos) {
      EXPECT_TRUE(calls.contains(token)) << "missing call " << token;
    } else if (const auto is = token.find('='); is != std::string::npos) {
      EXPECT_EQ(value_of(token.substr(0, is)), token.substr(is + 1)) << token;
    } else if (base::enum_named<OrderState>(token)) {
      EXPECT_EQ(base::name_of(subject_->order.header.state), token);
    } else {
      const auto& what = decision_.cause.what;
      EXPECT_NE(std::find(what.begin(), what.end(), token), what.end())
          << "did not happen: " << token;
    }
  }

  std::string value_of(const std::string& name) {
    const auto& order = subject_->order;
    if (name == "due") return text_of(order.header.due_at);
    if (name == "fulfill_by") return text_of(order.header.fulfill_by);
    if (name == "closed_at") return text_of(order.header.closed_at);
    if (name == "free") return std::to_string(subject_->shelf.count(ItemState::available));
    if (name == "quarantined") return order.header.quarantined ? "yes" : "no";
    if (name == "reason_for_person") {
      auto reasons = order.header.quarantine_reason;
      std::ranges::replace(reasons, ',', ';');
      return reasons;
    }
    if (name == "attempts") return std::to_string(order.attempts.size());
    if (name == "refunds") return std::to_string(order.refunds.size());
    if (subject_->balances.contains(name)) return std::to_string(subject_->balances[name]);
    const auto digit = name.find_first_of("0123456789");
    if (digit == std::string::npos) return "0";  // An account that nothing was posted to.
    const auto index = static_cast<std::size_t>(std::stoi(name.substr(digit)) - 1);
    const auto list = name.substr(0, digit);
    if (list == "unit") return std::string(base::name_of(order.units.at(index).state));
    if (list == "reason") return std::string(base::name_of(order.units.at(index).reason));
    if (list == "hold") return std::string(base::name_of(order.units.at(index).hold));
    if (list == "intent") return std::string(base::name_of(order.intents.at(index).state));
    if (list == "payer") {
      const auto& payer = order.intents.at(index).payer_id;
      return payer.empty() ? "none" : payer;
    }
    if (list == "asks") return std::to_string(order.intents.at(index).amount_minor);
    if (list == "attempt") return std::string(base::name_of(order.attempts.at(index).state));
    if (list == "refund") return std::string(base::name_of(order.refunds.at(index).state));
    if (list == "purpose") return std::string(base::name_of(order.refunds.at(index).purpose));
    if (list == "amount") return std::to_string(order.refunds.at(index).amount_minor);
    if (list == "number") return order.refunds.at(index).refund_ref;
    return "no such name";
  }

  std::unique_ptr<OrderUnderTest> subject_;
  base::Instant now_;
  Decision decision_;
};

}  // namespace

void play(const std::string& script) {
  Player player;
  std::istringstream in(script);
  for (std::string line; std::getline(in, line);) player.play_line(line);
}

}  // namespace daozhang::domain
