#include "api/admin/operator_client.h"

#include <fmt/format.h>

#include <future>

#include "api/admin/operator_key.h"
#include "json/reader.h"
#include "json/writer.h"
#include "net/http_client.h"
#include "net/http_server.h"

namespace daozhang::api {
namespace {

constexpr std::size_t reply_bytes_max = 4 * 1024 * 1024;

std::string address_of(std::string_view admin_listen) {
  const auto listen = net::parse_listen(admin_listen);
  if (!listen) return {};
  std::string host = listen->host;
  if (host == "0.0.0.0") host = "127.0.0.1";
  if (host == "::") host = "::1";
  if (host.find(':') != std::string::npos) host = "[" + host + "]";
  return fmt::format("http://{}:{}", host, listen->port);
}

std::string body_of(const Acting& acting, std::string_view request) {
  std::string body;
  json::Writer json(body);
  json.begin_object().member("as", acting.as).member("reason", acting.reason);
  json.key("request").raw(request).end_object();
  return body;
}

// The operator gave both addresses and holds the key, so any address is allowed.
net::ClientOptions client_options() {
  net::ClientOptions options;
  options.address_rule = [](std::string_view, std::uint16_t) { return true; };
  return options;
}

AskProblem unanswered(const net::OutgoingResult& result, const std::string& address) {
  AskProblem problem;
  const bool sent = result.outcome != net::OutgoingOutcome::not_sent;
  problem.refusal = sent ? AskRefusal::no_answer : AskRefusal::not_reached;
  problem.words =
      sent ? fmt::format("{} did not answer ({}); it may have done it", address,
                         net::to_string(result.fault))
           : fmt::format("no shop answers at {} ({}); is admin.listen the running shop's?", address,
                         net::to_string(result.fault));
  return problem;
}

AskProblem refused(const net::OutgoingResult& result, const std::string& address) {
  AskProblem problem;
  problem.refusal = AskRefusal::refused;
  problem.status = result.status;
  const auto document = json::read(result.body);
  if (document) problem.code = document->text_of("code");
  problem.words = fmt::format("{} refused: {} {}", address, result.status, problem.code);
  if (!document) return problem;
  if (const auto detail = document->text_of("detail"); !detail.empty())
    problem.words += fmt::format(": {}", detail);
  if (const auto field = document->text_of("field"); !field.empty())
    problem.words += fmt::format(" ({})", field);
  return problem;
}

}  // namespace

OperatorClient::OperatorClient(std::string_view admin_listen, const crypto::MasterKeys& keys,
                               Acting acting)
    : address_(address_of(admin_listen)),
      key_(operator_key(keys)),
      acting_(std::move(acting)),
      client_(std::make_unique<net::HttpClient>(client_options())) {}

OperatorClient::~OperatorClient() = default;

base::Result<json::Value, AskProblem> OperatorClient::ask(std::string_view verb,
                                                          std::string_view request) {
  net::OutgoingRequest outgoing;
  outgoing.method = net::Method::post;
  outgoing.url = fmt::format("{}/admin/v1/{}", address_, verb);
  outgoing.headers = {{"Authorization", "Bearer " + key_},
                      {"Content-Type", "application/json"},
                      {"Accept-Language", "en"}};
  outgoing.body = body_of(acting_, request);
  outgoing.total_time_max = answer_time_max;
  outgoing.reply_bytes_max = reply_bytes_max;
  std::promise<net::OutgoingResult> told;
  client_->call(std::move(outgoing),
                [&told](net::OutgoingResult&& result) { told.set_value(std::move(result)); });
  const net::OutgoingResult result = told.get_future().get();
  if (result.outcome != net::OutgoingOutcome::replied)
    return base::refuse(unanswered(result, address_));
  if (result.status != 200) return base::refuse(refused(result, address_));
  auto document = json::read(result.body);
  if (document) return std::move(*document);
  AskProblem problem;
  problem.refusal = AskRefusal::no_answer;
  problem.words =
      fmt::format("{} answered what is no JSON; is it a daozhang of another version?", address_);
  return base::refuse(std::move(problem));
}

}  // namespace daozhang::api
