// A supplier of top-ups, with the truth: what it really executed (A*).
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "domain/order/decision.h"
#include "ports/supplier.h"
#include "sim/peers/supplier_wire.h"
#include "sim/world/scene.h"

namespace daozhang::sim {

enum class JobState { in_flight, working, done, failed, canceled, reversed };
constexpr auto names_of(std::type_identity<JobState>) {
  return base::words("in_flight", "working", "done", "failed", "canceled", "reversed");
}

struct Job {
  std::string reference;
  JobState state = JobState::in_flight;
  std::int32_t executions = 0;   // How often goods really went out.
  bool declared_failed = false;  // We were told that it failed or was canceled.
  bool is_in_queue = false;      // Refused for want of money, and not forgotten.
  base::Instant last_sent_at;
  std::int64_t cost_minor = 0;
  std::int64_t cost_minor_max = 0;
};

inline std::string proof_of(const Job& job) { return "proof of " + job.reference; }

// One thread. Scene, shop and wire must outlive it.
class SupplierModel {
 public:
  // Without a wire what is said arrives as it is.
  SupplierModel(Scene& scene, Shop& shop, std::string name, domain::SupplierTerms terms,
                base::Duration promise, SupplierWire* wire = nullptr);

  using Answered = std::function<void(ports::SupplierAnswer)>;
  // Answers exactly once, also when it times out.
  void call(const ports::SupplierCall& call, Answered then);
  // Between these it answers nobody, whatever heals meanwhile; some do what they are asked.
  void fall_silent(base::Instant from, base::Instant until, bool works_on);
  // What was stuck finishes.
  void heal();

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const domain::SupplierTerms& terms() const { return terms_; }
  [[nodiscard]] const std::map<std::string, Job>& jobs() const { return jobs_; }

 private:
  // What it is asked for must be what the order is about.
  void check_content(const ports::SupplierCall& call);
  void submit(const std::shared_ptr<const ports::SupplierCall>& sent,
              const std::shared_ptr<const Answered>& answered);
  bool is_balance_empty();
  // Whether the request was taken in.
  bool arrive(const std::string& reference);
  void finish(const std::string& reference);
  void execute(const std::string& reference);
  Job& take_in(Job& job);  // Gives it its cost.
  void execute_after_failure(const std::string& reference);
  // Does that now, and refuses what it was asked for when it is asked about the older, or soon.
  void do_first(const std::string& older, std::function<void()> refuse_new);
  void refuse_new_beside(const std::string& older);
  // What is in its queue for the same unit; null if there is none.
  Job* refused_before(const std::string& reference);
  void take_back_later(const std::string& reference);
  void notice_double(const std::string& reference);
  void fail(const std::string& reference);
  void fail_together(const std::string& reference);
  ports::SupplierAnswer answer_of(Job& job);
  ports::SupplierAnswer query(const std::string& reference);
  ports::SupplierAnswer cancel(const std::string& reference);
  void call_back(const std::string& reference);
  [[nodiscard]] connectors::supplier::http::Record record_of(const std::string& reference) const;
  void post_callback(const std::string& reference);
  void post_forged_callback(const std::string& reference);
  [[nodiscard]] ports::SupplierAnswer spoken(const ports::SupplierCall& call,
                                             ports::SupplierAnswer answer) const;
  base::Duration draw_work();
  [[nodiscard]] bool is_silent() const {
    return scene_.is_silent(name_) ||
           (scene_.now() >= silent_from_ && scene_.now() < silent_until_);
  }

  Scene& scene_;
  Shop& shop_;
  std::string name_;
  domain::SupplierTerms terms_;
  base::Duration promise_;
  SupplierWire* wire_;
  base::Prng prng_;
  std::map<std::string, Job> jobs_;
  std::vector<std::string> stuck_;
  std::map<std::string, std::function<void()>> refusals_;  // Of the new, by the older.
  base::Instant silent_from_;
  base::Instant silent_until_;
  bool works_on_ = false;      // While it is silent.
  base::Instant empty_until_;  // No money of the shop's is there until then.
};

}  // namespace daozhang::sim
