// One outgoing call as libcurl is told of it; only for net/'s sources.
#pragma once

#include <curl/curl.h>

#include <array>
#include <cstddef>

#include "net/http_client.h"

namespace daozhang::net {

// Stays where it is while libcurl works on it.
struct OutgoingCall {
  OutgoingCall() = default;
  ~OutgoingCall();
  OutgoingCall(const OutgoingCall&) = delete;
  OutgoingCall& operator=(const OutgoingCall&) = delete;

  OutgoingRequest request;
  HttpClient::Done done;
  OutgoingResult result;
  const AddressRule* rule = nullptr;
  curl_slist* header_list = nullptr;
  std::array<char, CURL_ERROR_SIZE> error_text{};
  std::size_t header_bytes = 0;
  // Set when the connection stands and the request is about to go out; from then on the other
  // side may have acted.
  bool is_sending = false;
  bool is_refused_address = false;
  bool is_too_large = false;
  bool is_not_taken = false;
  bool is_success = false;  // The status line of the reply said 200.
  std::size_t body_bytes = 0;
};

// False for a URL or header that must not go out.
bool is_sound(const OutgoingRequest& request);
// Tells `easy` everything; `call` and `options` must outlive the transfer.
void prepare(CURL* easy, OutgoingCall& call, const ClientOptions& options);
OutgoingFault fault_of(const OutgoingCall& call, CURLcode code);

}  // namespace daozhang::net
