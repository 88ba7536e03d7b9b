// The operator's channel into a running shop: `POST /admin/v1/VERB` on the admin port, with
// `Authorization: Bearer` and the operator key, and a JSON object
//
//   {"as": "who asks", "reason": "why", "request": {…}}
//
// Who holds the key may ask from anywhere: Host and Origin do not matter, and without the key
// nothing is read. Problems: 401 not_the_operator, 413, 415, 400 (see body.h), and the verb's own.
//
// One more verb is one `add` here and one `OperatorClient::ask` in the program.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "api/language.h"
#include "crypto/key_file.h"
#include "json/value.h"
#include "net/router.h"

namespace daozhang::api {

inline constexpr std::size_t acting_as_bytes_max = 64;
// Whether a person's words may stand in logs and histories: not blank, no control characters.
bool is_sentence(std::string_view text, std::size_t bytes_max);

// Who asks and why, as they say it themselves; the key proves only that they may.
struct Acting {
  std::string as;      // 1 to 64 bytes.
  std::string reason;  // 1 to 500 bytes.
};

// What the log is told of every request: one that was let in before it acts, one that was not.
struct OperatorRecord {
  bool is_admitted = false;
  std::string verb;  // The route, `/admin/v1/stock`.
  Acting acting;     // Empty if not admitted.
  std::string peer_address;
  std::string request_id;
};

struct OperatorRequest {
  Acting acting;
  json::Value request;  // An object; the verb reads its own members.
  Language language = Language::zh;
};

class OperatorRoutes {
 public:
  // On an io thread; must not block. It may answer at once or keep the Responder.
  using Handler = std::function<void(const OperatorRequest&, net::Responder)>;
  using Log = std::function<void(const OperatorRecord&)>;  // On an io thread.

  // `router` must outlive the object, not the routes.
  OperatorRoutes(net::Router& router, const crypto::MasterKeys& keys, Log log);

  // `verb` is what stands behind `/admin/v1/`.
  void add(std::string_view verb, Handler handler, std::size_t body_bytes_max = 64 * 1024);

 private:
  struct Gate;

  net::Router& router_;
  std::shared_ptr<const Gate> gate_;
};

}  // namespace daozhang::api
