// What the simulator can not check yet because the shop can not do it yet, with the capability that
// it waits for. Printed at every run, so that nobody takes silence for proof. Whoever builds the
// capability takes its lines out and brings the model peer, faults, checkers and mutants.
#pragma once

#include <array>
#include <string_view>

namespace daozhang::sim {

struct Waiting {
  std::string_view what;  // An invariant, a fault or a rare state of reference FAULTS.
  std::string_view capability;
};

// What other tests look after, because it is none of the engine's.
struct Elsewhere {
  std::string_view what;
  std::string_view where;
};

inline constexpr auto elsewhere_list = std::to_array<Elsewhere>({
    {"S17, two people for manual and large money", "src/api/admin/money_test.cc"},
    {"S24, no secret in the log", "tests/api/bad_input.test.mjs"},
    {"S25, F46, F47, the vault", "src/api, src/crypto/envelope_test.cc"},
    {"L5, F7, readiness and limits of the API", "src/lane, src/api, tests/api"},
    {"F40, response bombs", "src/net/http_client_test.cc"},
    {"F51, a clock that goes back", "src/lane/clock_test.cc, tests/chaos"},
    {"F64, a migration that fails half-way", "src/storage/sqlite/schema_test.cc"},
});

inline constexpr auto waiting_list = std::to_array<Waiting>({
    {"S4, quarantine left by people", "staff actions"},
    {"S12, scale of a currency other than 2 decimals", "currencies"},
    {"S24, no secret in notices", "notifications"},
    {"S26, published checkpoints", "the public log"},
    {"S27, two versions over one store", "a second version"},
    {"S28, no call inside a transaction",
     "PostgreSQL (the engine has no transaction open when it yields calls)"},
    {"S29, a unit does not depend on its notices", "notifications"},
    {"S31, erasure", "erasure of a person"},
    {"L4, told within 60 s", "notifications"},
    {"L7, reviews and tickets escalate", "reviews and tickets"},
    {"L8, witnessed checkpoints", "the public log"},
    {"F5, a wrong target corrected", "target correction"},
    {"F33, a supplier's secret that is missing or known", "secrets from suppliers"},
    {"F44, F45, key service and rotation", "sealed start, rotation of keys"},
    {"F51, nodes whose clocks differ", "PostgreSQL"},
    {"F53, two versions at once", "a second version"},
    {"F60 to F62, failover", "PostgreSQL"},
    {"F63, restore, but for the money that comes for lost orders", "backups"},
    {"F65, F66, mail and SMS", "notifications"},
    {"F68 to F70, log and keys", "the public log"},
    {"F71 to F75, what people do wrong", "staff actions, reviews, tickets"},
    {"F76, erasure", "erasure of a person"},
    {"witness refused; review timed out", "the public log; reviews"},
});

}  // namespace daozhang::sim
