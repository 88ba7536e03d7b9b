// Sends what has become due: notifications of channels and supplier callbacks, signed, and tells
// the queue what came back. Also moves the world's time forward, so goods arrive and trades expire.
#pragma once

#include <atomic>
#include <cstddef>
#include <string>

#include "connectors/supplier/http/signature.h"
#include "net/executor.h"
#include "net/http_client.h"
#include "sandbox/alipay_notify.h"
#include "sandbox/alipay_wire.h"
#include "sandbox/epay_wire.h"
#include "sandbox/wechat_wire.h"
#include "sandbox/world.h"

namespace daozhang::sandbox {

// Lives on `loop`: start, and everything it does, runs there. The world, the wire, the loop and the
// client must outlive it, and both loop and client must be stopped before it is destroyed.
class Postman {
 public:
  static constexpr std::size_t in_flight_max = 128;

  // By which the channels' notifications are signed; null for what is not played.
  struct Wires {
    const AlipayWire& alipay;
    const WechatWire* wechatpay = nullptr;
    const EpayWire* epay = nullptr;
  };

  Postman(World& world, Wires wires, connectors::supplier::http::Credentials supplier_credentials,
          net::Executor& loop, net::HttpClient& client);

  // Something may have become due. Any thread.
  void wake();

 private:
  struct Letter {
    DeliveryLog log;  // what is known before the answer
    net::OutgoingRequest request;
  };

  void work();
  void sleep();
  void send(Delivery delivery);
  Letter notice_letter(const Delivery& delivery, const NotifySending& sending);
  [[nodiscard]] net::OutgoingRequest notice_request(const Delivery& delivery,
                                                    const NotifySending& sending) const;
  [[nodiscard]] net::OutgoingRequest wechat_request(const Delivery& delivery,
                                                    const NotifySending& sending) const;
  [[nodiscard]] net::OutgoingRequest epay_request(const Delivery& delivery,
                                                  const NotifySending& sending) const;
  Letter callback_letter(const Delivery& delivery, const CallbackSending& sending);
  void post(Letter letter);
  void take_answer(DeliveryLog log, const net::OutgoingResult& result);

  World& world_;
  const Wires wires_;
  connectors::supplier::http::Credentials credentials_;
  net::Executor& loop_;
  net::HttpClient& client_;
  std::atomic<bool> is_woken_{false};
  std::atomic<std::size_t> in_flight_{0};
  net::Executor::TimerId timer_ = 0;
};

}  // namespace daozhang::sandbox
