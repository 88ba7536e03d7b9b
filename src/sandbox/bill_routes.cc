// Alipay's bills: the call that tells where a day's file lies, and the file.
#include "sandbox/bill.h"
#include "sandbox/service.h"

namespace daozhang::sandbox {
namespace {

constexpr std::string_view file_end = ".zip";
// Whether the bill is still being made is asked for every bill alike.
const FaultSubject any_bill{{}, {}, {"alipay"}};

void send_file(Service& service, const net::Request& request, net::Responder responder) {
  std::string_view day = request.capture("file");
  if (day.ends_with(file_end)) day.remove_suffix(file_end.size());
  const auto from = bill_day(day, World::now());
  if (!from) return responder.send(net::text_response(404, "no bill"));
  std::string seller_id;
  // Only the collecting needs the books.
  const DayBill content = service.world.with_quietly([&](World::Books& books) {
    seller_id = books.alipay.identity().seller_id;
    return day_bill(books.alipay, books.faults, *from);
  });
  net::Response response;
  response.body = bill_file(content, seller_id, day);
  response.with("Content-Type", "application/zip").with("Cache-Control", "no-store");
  responder.send(std::move(response));
}

}  // namespace

GatewayAnswer bill_address(World::Books& books, const GatewayRequest& request) {
  const std::string day(field(request.biz, "bill_date"));
  GatewayAnswer answer;
  answer.manner = books.alipay.manner_of({});
  if (field(request.biz, "bill_type") != "trade") {
    answer.reply = {"40004", "Business Failed", "isv.INVAILID_ARGUMENTS", "bill_type", {}};
  } else if (!bill_day(day, books.now) || books.faults.strike("bill_creating", any_bill)) {
    answer.reply = {"40004", "Business Failed", "isp.BILL_NOT_EXIST", "账单不存在", {}};
  } else {
    answer.reply.fields = {
        {"bill_download_url", books.alipay.public_url() + "/bills/" + day + std::string(file_end)}};
  }
  return answer;
}

void add_bill_routes(net::Router& router, Service& service) {
  router.add(net::Method::get, "/bills/{file}",
             [&service](net::Request&& request, net::Responder responder) {
               send_file(service, request, std::move(responder));
             });
}

}  // namespace daozhang::sandbox
