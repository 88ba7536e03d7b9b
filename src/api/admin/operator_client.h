// Asks the shop that runs with the same settings and key file, over its admin port. For programs;
// every call waits for its answer. One thread.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "api/admin/operator_routes.h"
#include "base/instant.h"
#include "base/result.h"
#include "json/value.h"

namespace daozhang::net {
class HttpClient;
}

namespace daozhang::api {

enum class AskRefusal {
  not_reached,  // Nobody listens there, or nothing was sent: nothing happened.
  no_answer,    // It was sent and no whole answer came: it may have happened.
  refused,      // The shop said no; see `status` and `code`.
};

struct AskProblem {
  AskRefusal refusal = AskRefusal::not_reached;
  int status = 0;     // When refused.
  std::string code;   // The problem's name, when refused.
  std::string words;  // One English sentence for the operator.
};

class OperatorClient {
 public:
  // `admin_listen` as in the settings; an address that means all of the machine is asked at its
  // loopback.
  OperatorClient(std::string_view admin_listen, const crypto::MasterKeys& keys, Acting acting);
  ~OperatorClient();
  OperatorClient(const OperatorClient&) = delete;
  OperatorClient& operator=(const OperatorClient&) = delete;

  // `request` is a JSON object, finished. Answers the body of a 200.
  base::Result<json::Value, AskProblem> ask(std::string_view verb, std::string_view request);

  [[nodiscard]] const std::string& address() const { return address_; }  // `http://127.0.0.1:8081`

  base::Duration answer_time_max = base::seconds(60);

 private:
  std::string address_;
  std::string key_;
  Acting acting_;
  std::unique_ptr<net::HttpClient> client_;
};

}  // namespace daozhang::api
