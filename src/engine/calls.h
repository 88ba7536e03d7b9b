// From a decided effect to the call that carries it out. Pure: the same order and effect give the
// same call, so a call made again after a crash is the same call.
#pragma once

#include "domain/order/effect.h"
#include "domain/order/order.h"
#include "engine/command.h"

namespace daozhang::engine {

Call call_of(const domain::Order& order, const domain::Effect& effect);

// The order at the channel that an intent stands for; also what a pay link is signed from.
ports::ChannelOrder channel_order_of(const domain::Order& order, const domain::Intent& intent);

}  // namespace daozhang::engine
