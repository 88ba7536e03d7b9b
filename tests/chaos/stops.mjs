// SIGSTOP: the process stands still while time goes on, as on a host that is paused or swapped out. What was promised for
// that time comes late, and the shop says so.
import { readFileSync, readdirSync } from 'node:fs';
import { call, until } from '../stage/http.mjs';
import { phoneFor, promiseSecondsOf } from './goods.mjs';
import { sleep } from './random.mjs';
import { readyToPay } from './windows.mjs';

const oddAnswerWithinMs = 1_000;
const endsWithinMs = 60_000;
const due = { sku: 'topup-quick', phone: phoneFor('silent', 'no_cancel') };

// The letter after the name in parentheses: T is stopped by a signal. One that ended meanwhile is stopped as well.
function isStopped(pid, thread) {
  try {
    const told = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8');
    return told.slice(told.lastIndexOf(')') + 2).startsWith('T');
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ESRCH') return true;
    throw error;
  }
}

const hasStopped = ({ pid }) => readdirSync(`/proc/${pid}/task`).every((thread) => isStopped(pid, thread));

// A call that fails is no answer: a connection that was kept open may have been closed just before the stop.
async function isAnswering(stage) {
  const answer = call(`${stage.adminUrl}/livez`).then(
    () => true,
    () => false,
  );
  return Promise.race([answer, sleep(oddAnswerWithinMs).then(() => false)]);
}

export async function standStill(campaign, { seconds }) {
  const { world } = campaign;
  const { stage } = world;
  const buyers = await Promise.all([due, due].map((story) => readyToPay(world, story)));
  for (const buyer of buyers) await buyer.payTrade();
  await Promise.all(buyers.map((buyer) => buyer.lookUntil((view) => view.state === 'fulfilling')));
  stage.shop.kill('SIGSTOP');
  await until('every thread of the shop has stopped', () => hasStopped(stage.shop)); // The signal returns before they have.
  if (await isAnswering(stage)) world.wrong('the shop answered while it was stopped');
  await sleep(seconds * 1_000 - oddAnswerWithinMs);
  stage.shop.kill('SIGCONT');
  await campaign.expect('after a stop: ready again', async () => (await stage.readiness()).ready);
  for (const buyer of buyers) world.run(buyer, (each) => each.finish());
  for (const buyer of buyers)
    if ((await campaign.expect(`${buyer.orderNo} ends after a stop`, () => buyer.isFinal, endsWithinMs)) && !buyer.isLate)
      world.wrong(`${buyer.orderNo}: promised within ${promiseSecondsOf(due.sku)} s, and not late after a stop of ${seconds} s`);
  ++campaign.episodes.stops;
  campaign.say(`stood still for ${seconds} s`);
  await campaign.inspect('a stop');
}
