// Our word against the sandbox's own books, order by order.

const isPaidAndEnded = ({ stages }) => stages.some(({ name, ended_at: endedAt }) => name === 'fulfilling' && endedAt);
const sumOf = (list, name) => list.reduce((sum, each) => sum + each[name], 0);

function byOrder(list, numberOf) {
  const groups = new Map();
  for (const each of list) {
    const orderNo = numberOf(each).split('_')[0];
    if (!groups.has(orderNo)) groups.set(orderNo, []);
    groups.get(orderNo).push(each);
  }
  return groups;
}

function compareMoney(world, view, trades) {
  const { order_no: orderNo } = view;
  const taken = sumOf(trades, 'amount_minor');
  const given = sumOf(trades, 'given_back_minor');
  const delivered = view.units.filter((unit) => unit.state === 'delivered').length;
  const owed = (view.amount_minor / view.quantity) * delivered;
  const kept = taken - given;
  const words = `${orderNo} (${view.state}): taken ${taken}, given back ${given}, ${delivered} units for ${owed}`;
  if (kept > owed) world.lost(`${words}: the buyer lacks ${kept - owed}`);
  if (kept < owed) world.doubled(`${words}: the shop gave ${owed - kept} too much`);
  const known = sumOf(view.payments, 'paid_minor');
  if (known !== taken) world.wrong(`${orderNo}: we know of ${known}, the channel took ${taken}`);
  const ours = sumOf(view.refunds, 'amount_minor');
  if (ours !== given) world.wrong(`${orderNo}: our refunds are ${ours}, the channel gave back ${given}`);
}

// → how many units have both goods and money, because the goods came after the promise was given up.
function compareGoods(world, view, goods) {
  const { order_no: orderNo } = view;
  let late = 0;
  for (const { unit_no: unitNo, state, reason } of view.units) {
    const executed = sumOf(
      goods.filter(({ reference }) => reference.startsWith(`${orderNo}_u${unitNo}a`)),
      'executed',
    );
    const words = `${orderNo} unit ${unitNo} (${state}): executed ${executed} times`;
    if (executed > 1) world.doubled(words);
    else if (state === 'delivered' && executed === 0) world.lost(words);
    else if (state !== 'delivered' && executed === 1) {
      if (reason === 'deadline_missed') ++late;
      else world.doubled(words);
    }
  }
  return late;
}

// The books against every buyer whose order is where it stays.
export async function compareWithTruth(world, buyers) {
  const truth = await world.sandbox.truth();
  const trades = byOrder(truth.money_taken, (each) => each.out_trade_no);
  const goods = byOrder(truth.goods_executed, (each) => each.reference);
  for (const { reference, executed } of truth.goods_executed)
    if (executed > 1) world.doubled(`${reference} was executed ${executed} times`);
  let lateSuccesses = 0;
  for (const { view } of buyers) {
    compareMoney(world, view, trades.get(view.order_no) ?? []);
    if (view.kind !== 'secret') lateSuccesses += compareGoods(world, view, goods.get(view.order_no) ?? []);
  }
  return { lateSuccesses, trades, goods };
}

// → how many of them ended late; what the shop says about it must be what its buyer saw.
function countLate(world, buyers) {
  let late = 0;
  for (const { view, punctuality } of buyers) {
    if (!isPaidAndEnded(view)) continue;
    const { isLate, problem } = punctuality.judge(view);
    if (isLate) ++late;
    if (problem) world.wrong(`${view.order_no}: ${problem}`);
  }
  return late;
}

// At the very end: every order, and nothing in the books that is nobody's.
export async function compareEverything(world) {
  const buyers = [...world.orders.values()];
  for (const buyer of buyers) {
    if (buyer.isLost) continue;
    await buyer.look();
    if (!buyer.isFinal) world.lost(`${buyer.orderNo} is left open: ${buyer.view.state}`);
    await buyer.replay();
    if (buyer.view.units.some((unit) => unit.revealable)) await buyer.reveal();
    const revealable = buyer.view.units.filter((unit) => unit.revealable).length;
    if (revealable !== buyer.secrets.size)
      world.lost(`${buyer.orderNo}: ${revealable} units can be revealed, ${buyer.secrets.size} secrets were shown`);
  }
  const { lateSuccesses, trades, goods } = await compareWithTruth(world, buyers);
  for (const orderNo of [...trades.keys(), ...goods.keys()])
    if (!world.orders.has(orderNo)) world.doubled(`${orderNo} has money or goods and was never acknowledged`);
  const revealed = buyers.reduce((sum, buyer) => sum + buyer.secrets.size, 0);
  if (revealed !== world.ownerOf.size)
    world.doubled(`${revealed} secrets were revealed, ${world.ownerOf.size} of them different`);
  return { late: countLate(world, buyers), lateSuccesses };
}
