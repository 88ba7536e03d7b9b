// The people of the shop, who do what no call can: they look into the channels' books for refunds
// whose answer was lost (F21), send money another way when the channel refuses it (F25), and tell
// of payments that the channel took back (F19). They also are the payers who dispute, since the
// shop learns of a dispute from them alone.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "domain/policy/policy.h"
#include "sim/peers/channel_model.h"
#include "sim/world/scene.h"

namespace daozhang::sim {

// One thread. Everything that it is given must outlive it.
class Staff {
 public:
  using Orders = std::map<domain::OrderKey, domain::Order>;
  // `orders`: as they are committed.
  Staff(Scene& scene, Shop& shop, const std::map<std::string, ChannelModel*>& channels,
        const domain::Policy& policy, const Orders& orders)
      : scene_(scene),
        shop_(shop),
        channels_(channels),
        policy_(policy),
        orders_(orders),
        prng_(scene.stream("staff")),
        case_prng_(scene.stream("cases")) {}

  // Money for a number of the shop's, of which the shop knows nothing.
  struct LostMoney {
    domain::OrderKey order;
    std::int32_t intent_no = 1;
    std::string channel;
    std::int64_t amount_minor = 0;
  };
  // They find it in the channel's bill some time from now, and tell the shop until it has it.
  void find_in_bill(const LostMoney& money);

  // From now on they come every half an hour, until nothing is left to do for them; to be called
  // again when something is.
  void start();

 private:
  struct Case {
    domain::OrderKey order;
    std::string trade_ref;
    domain::ChargebackFact fact;
    std::string channel;
    // Else it is told by the trade's number alone, which two channels may have given.
    bool names_channel = true;
    // Told to the shop before the channel has taken anything.
    bool is_announced = false;
  };

  void come();
  // Whether there is still a refund to be found.
  bool look_for_lost_refund(const domain::Order& order, const domain::Refund& refund);
  // Whether the channel can never end it.
  bool send_money_another_way(const domain::Order& order, const domain::Refund& refund);
  void end_what_drags_on(const domain::Order& order, const domain::Refund& refund);
  void press_wrong_button(const domain::Order& order, const domain::Refund& refund);
  void give_by_hand(const domain::Order& order, const domain::Refund& refund);
  void dispute(const domain::Order& order, const domain::Payment& payment);
  void tell(const Case& of);
  void tell_again(const Case& of);
  void win(const Case& of);
  // odd_cases.cc
  [[nodiscard]] static std::int64_t kept_of(const domain::Order& order,
                                            const domain::Payment& payment);
  [[nodiscard]] bool is_unclear(const Case& of) const;
  void tell_wrongly(const Case& of);
  void expect_refused(const Case& of, domain::ChargebackFact fact, std::vector<engine::Refusal> as,
                      std::string_view what);
  void dispute_again(const Case& of);
  void buy_again(const Case& of);
  void forgive(const Case& of);
  void ask_about(const domain::Order& order);
  void mistype_refund(const domain::Order& order);
  void tell_from_bill(const LostMoney& money, int visits_left);
  const Trade* trade_of(const domain::Order& order, const domain::Payment& payment) const;

  Scene& scene_;
  Shop& shop_;
  const std::map<std::string, ChannelModel*>& channels_;
  const domain::Policy& policy_;
  const Orders& orders_;
  base::Prng prng_;
  base::Prng case_prng_;
  // By refund: how often it had been tried when they saw it refused the last time.
  std::map<std::string, std::int32_t> refused_;
  std::set<std::string> unknown_;      // Refunds that they did not find in the books once,
  std::set<std::string> resent_;       // and those that they have had sent again.
  std::map<std::string, bool> found_;  // Refunds that dragged on: whether they were in the books.
  std::set<std::string> asked_;        // Trades about which it was drawn.
  std::int64_t cases_ = 0;
  int open_cases_ = 0;
  bool is_coming_ = false;
};

}  // namespace daozhang::sim
