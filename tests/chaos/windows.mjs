// The named windows of a unit's life. Each arranges that an order is in it, makes sure of it by what the shop, the
// sandbox or the client itself sees, and kills at once. `kill` must be called without waiting after the last look; a
// window that was missed says so and is tried again.
import { phoneFor, quickPromiseSeconds, slowMs } from './goods.mjs';
import { sleep } from './random.mjs';

const closeLookMs = 15;
const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

async function until(holds, withinMs) {
  const end = Date.now() + withinMs;
  while (Date.now() < end) {
    if (await holds()) return true;
    await nextTurn();
  }
  return false;
}

// Kills while requests of this kind are with the server, at some moment of their stay.
async function killWhileInFlight(world, kind, kill) {
  if (!(await until(() => world.shop.inFlight(kind) > 0, 1_000))) return false;
  const end = performance.now() + world.random.between(0, 4);
  while (performance.now() < end) await nextTurn();
  if (world.shop.inFlight(kind) === 0) return false;
  await kill();
  return true;
}

async function placing(world, kill) {
  for (let i = 0; i < 8; ++i) world.run(world.buyer({ sku: 'card' }));
  return killWhileInFlight(world, 'place', kill);
}

async function revealing(world, kill) {
  const holders = world.finishedBuyers().filter((buyer) => buyer.secrets.size > 0);
  if (holders.length === 0) {
    await sleep(300);
    return false;
  }
  for (let i = 0; i < 8; ++i) world.run(world.random.pick(holders), (buyer) => buyer.reveal());
  return killWhileInFlight(world, 'reveal', kill);
}

// An order whose trade the channel knows, so that it can be paid without asking the shop again.
export async function readyToPay(world, story) {
  const buyer = world.buyer(story);
  await buyer.place();
  if (!(await buyer.openTrade())) throw new Error(`${buyer.orderNo} can not be paid`);
  return buyer;
}

async function awaitingPayment(world, kill) {
  const buyer = await world.buyer({ sku: 'card' }).place();
  const { state } = await buyer.look();
  if (state !== 'awaiting_payment') return false;
  await kill();
  world.run(buyer);
  return true;
}

// The money is taken and the shop was not told: it has to ask.
async function paidUnheard(world, kill) {
  const buyer = await readyToPay(world, { sku: 'card-unheard' });
  const outcome = await buyer.payTrade();
  await kill();
  world.run(buyer, (each) => each.finish());
  return outcome === 'paid';
}

// Which notifications were with the shop can only be said afterwards, by the one who sent them.
async function notificationInFlight(world, kill) {
  const stories = ['card', 'card-doubled', 'card', 'card-doubled', 'card', 'card-doubled'];
  const buyers = await Promise.all(stories.map((sku) => readyToPay(world, { sku })));
  const paying = buyers.map((buyer) => buyer.payTrade());
  await Promise.race(paying);
  const end = performance.now() + world.random.between(0, 12);
  while (performance.now() < end) await nextTurn();
  await kill();
  await Promise.all(paying);
  for (const buyer of buyers) world.run(buyer, (each) => each.live());
  await sleep(200);
  const { notifications } = await world.sandbox.get('notifications?limit=200');
  const ours = new Set(buyers.map((buyer) => buyer.tradeNumber('1')));
  return notifications.some(
    ({ number, status, answer }) => ours.has(number) && status === 0 && /reset|empty reply|recv|send|closed/i.test(answer),
  );
}

async function attemptSubmitting(world, kill) {
  const buyer = await readyToPay(world, { sku: 'topup', phone: phoneFor('well', 'slowly') });
  const struck = await world.sandbox.struck('supplier_slow');
  const paidAt = Date.now();
  await buyer.payTrade();
  const isOpen = await until(async () => (await world.sandbox.struck('supplier_slow')) > struck, slowMs);
  const reached = isOpen && Date.now() < paidAt + slowMs;
  await kill();
  world.run(buyer, (each) => each.finish());
  return reached;
}

// Paid is one change of the order and what came of the first call is the next.
async function afterFirstAnswer(world, kill, phone) {
  const buyer = await readyToPay(world, { sku: 'topup', phone });
  const { version } = await buyer.look();
  await buyer.payTrade();
  const holds = (view) => view.state === 'delivered' || (view.state === 'fulfilling' && view.version >= version + 2);
  const { state } = await buyer.lookUntil(holds, closeLookMs);
  await kill();
  world.run(buyer, (each) => each.finish());
  return state === 'fulfilling';
}

async function aroundDeadline(world, kill, wait) {
  const story = { sku: 'topup-quick', phone: phoneFor('silent', 'no_cancel') };
  const buyer = await readyToPay(world, story);
  await buyer.payTrade();
  const { stages } = await buyer.lookUntil((view) => view.state === 'fulfilling', closeLookMs);
  const due = Date.parse(stages.find((stage) => stage.name === 'fulfilling').due_at);
  const reached = await wait(buyer, due);
  await kill();
  world.run(buyer, (each) => each.finish());
  return reached;
}

async function nearDeadline(buyer, due) {
  await sleep(due - Date.now() - 250);
  const { state } = await buyer.look();
  return state === 'fulfilling' && Math.abs(due - Date.now()) < 500;
}

async function disowned(buyer) {
  const view = await buyer.lookUntil((each) => each.units[0].state === 'failed', closeLookMs);
  return view.units[0].reason === 'deadline_missed';
}

// A refund whose call is held open by the channel.
async function refunding(world, kill, reached) {
  const buyer = await readyToPay(world, { sku: 'topup', phone: phoneFor('fails') });
  await world.sandbox.fault('slow', { on: true, ms: slowMs, match: buyer.orderNo });
  const struck = await world.sandbox.struck('slow');
  await buyer.payTrade();
  await buyer.lookUntil((view) => view.refunds.length > 0, closeLookMs);
  const isReached = await reached(buyer, struck);
  await kill();
  await world.sandbox.fault('slow', { on: false });
  world.run(buyer, (each) => each.finish());
  return isReached;
}

const isDecided = (view) => view.refunds[0]?.state === 'decided';

async function refundInFlight(world, buyer, struck) {
  await until(async () => (await world.sandbox.struck('slow')) > struck, slowMs);
  return isDecided(await buyer.look()) && (await world.sandbox.struck('slow')) > struck;
}

async function losingRefund(world, kill, reached) {
  const buyer = await readyToPay(world, { sku: 'topup-quick-lossy', phone: phoneFor('fails') });
  await buyer.payTrade();
  const isReached = await reached(buyer);
  await kill();
  world.run(buyer, (each) => each.finish());
  return isReached;
}

// The channel has given the money back and still holds its answer.
async function refundExecuted(world, buyer) {
  const isGiven = async () =>
    (await world.sandbox.get(`trades/${buyer.tradeNumber('1')}`)).refunded_minor > 0;
  return (await until(isGiven, quickPromiseSeconds * 1_000)) && isDecided(await buyer.look());
}

async function refundReplyLost(buyer) {
  const view = await buyer.lookUntil((each) => each.refunds.some(({ state }) => state !== 'decided'), closeLookMs);
  return view.refunds[0].state === 'unknown';
}

async function creatingCode(world, kill) {
  const buyer = await world.buyer({ sku: 'card' }).place();
  await world.sandbox.fault('slow', { on: true, ms: slowMs, match: buyer.orderNo });
  const struck = await world.sandbox.struck('slow');
  const number = await buyer.openPayment('alipay_qr');
  const isOpen = await until(async () => (await world.sandbox.struck('slow')) > struck, slowMs);
  const { payments } = await buyer.look();
  await kill();
  await world.sandbox.fault('slow', { on: false });
  world.run(buyer, async (each) => {
    await each.pay(number);
    await each.finish();
  });
  return isOpen && payments.find((payment) => payment.payment_no === number).state === 'preparing';
}

// Paid by the second way, so the first is being closed.
async function closingPayment(world, kill) {
  const buyer = await readyToPay(world, { sku: 'card', channel: 'alipay_qr' });
  const second = await buyer.openPayment('alipay');
  await buyer.openTrade(second);
  await world.sandbox.fault('slow', { on: true, ms: slowMs, match: buyer.tradeNumber('1') });
  await buyer.payTrade(second);
  const view = await buyer.lookUntil((each) => each.payments[0].state !== 'ready', closeLookMs);
  await kill();
  await world.sandbox.fault('slow', { on: false });
  world.run(buyer, (each) => each.finish());
  return view.payments[0].state === 'closing';
}

export const windows = {
  placing,
  awaiting_payment: awaitingPayment,
  qr_creating: creatingCode,
  paid_unheard: paidUnheard,
  notification_in_flight: notificationInFlight,
  attempt_submitting: attemptSubmitting,
  attempt_accepted: (world, kill) => afterFirstAnswer(world, kill, phoneFor('late')),
  attempt_unknown: (world, kill) => afterFirstAnswer(world, kill, phoneFor('lost_reply')),
  near_deadline: (world, kill) => aroundDeadline(world, kill, nearDeadline),
  disowned: (world, kill) => aroundDeadline(world, kill, disowned),
  refund_decided: (world, kill) => refunding(world, kill, async (buyer) => isDecided(buyer.view)),
  refund_in_flight: (world, kill) => refunding(world, kill, (buyer, struck) => refundInFlight(world, buyer, struck)),
  refund_executed: (world, kill) => losingRefund(world, kill, (buyer) => refundExecuted(world, buyer)),
  refund_reply_lost: (world, kill) => losingRefund(world, kill, refundReplyLost),
  reveal_in_flight: revealing,
  closing_payment: closingPayment,
};

// What a kill at any moment hits, by looks that are no older than `freshMs`.
export function windowsHit(world, freshMs) {
  const hit = new Set();
  if (world.shop.inFlight('place') > 0) hit.add('placing');
  if (world.shop.inFlight('reveal') > 0) hit.add('reveal_in_flight');
  const since = Date.now() - freshMs;
  for (const { view, seenAt } of world.open) {
    if (!view || seenAt < since) continue;
    if (view.state === 'awaiting_payment') hit.add('awaiting_payment');
    for (const { state } of view.payments) {
      if (state === 'preparing') hit.add('qr_creating');
      if (state === 'closing') hit.add('closing_payment');
    }
    for (const { state } of view.refunds) {
      if (state === 'decided') hit.add('refund_decided');
      if (state === 'unknown') hit.add('refund_reply_lost');
    }
  }
  return hit;
}
