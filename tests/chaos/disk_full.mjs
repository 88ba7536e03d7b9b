// A disk on which nothing fits any more, and which is freed again. While it is full the shop says that it is not ready,
// refuses orders in words, and answers notifications so that the channel repeats them; afterwards it goes on by itself.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { phoneFor } from './goods.mjs';
import { sleep } from './random.mjs';
import { readyToPay } from './windows.mjs';

const paidWhileFull = ['card', 'card-doubled', 'card', 'card-doubled', 'card', 'card'];
const placedWhileFull = 4;

// SQLite's index of its log grows by a piece at this length of the log, in the middle of a commit.
const pageInLog = 4_096 + 24;
const firstPiece = 4_062;
const pagesBefore = 100;
const pagesAfter = 500; // What was refused counts too: the log keeps its length.
const crumbBytes = 20_480;
const placedAtOnce = 10;
const looksEveryMs = 10_000;

const isFailure = ({ status, answer }) => status >= 500 || (status === 200 && answer !== 'success');

async function failedNotices(world, buyers) {
  const { notifications } = await world.sandbox.get('notifications?limit=500');
  const ours = new Set(buyers.map((buyer) => buyer.tradeNumber('1')));
  return notifications.filter((each) => ours.has(each.number) && isFailure(each)).length;
}

async function fillAndSee(campaign, buyers, seconds) {
  const { world, disk } = campaign;
  const refused = world.refusals.place ?? 0;
  disk.fill();
  await campaign.expect('a full disk: /readyz says so', async () => {
    const { ready, reasons } = await world.stage.readiness();
    return !ready && reasons.includes('disk_nearly_full');
  });
  for (let i = 0; i < placedWhileFull; ++i) world.run(world.buyer({ sku: 'card' }));
  await campaign.expect('a full disk: an order is refused', () => world.refusals.place > refused);
  await Promise.all(buyers.map((buyer) => buyer.payTrade()));
  const isToldAgain = async () => (await failedNotices(world, buyers)) > 0;
  await campaign.expect('a full disk: a notification is answered with failure', isToldAgain);
  await sleep(seconds * 1_000);
}

const logPages = (disk) => Math.floor(statSync(join(disk.folder, 'daozhang.db-wal')).size / pageInLog);

// Orders that nobody pays, a few at a time, as long as they are wanted.
async function placeWhile({ world }, isWanted) {
  const story = { sku: 'topup', phone: phoneFor(), waits: true, neverPays: true };
  while (isWanted()) {
    const buyers = await Promise.all(Array.from({ length: placedAtOnce }, () => world.buyer(story).place()));
    for (const buyer of buyers) world.run(buyer, (each) => each.lookUntil(() => each.isFinal, looksEveryMs));
  }
}

// Room comes back by so little that every commit may be the one for which it does not last: the next crumb comes when
// something was refused again.
async function freeByCrumbs(campaign) {
  const { world, disk } = campaign;
  const isUnderWay = () => world.stage.shopRuns && logPages(disk) < firstPiece + pagesAfter;
  const placing = placeWhile(campaign, isUnderWay).catch((cause) => world.wrong(cause.message));
  for (let given = 0; isUnderWay() && !campaign.isBroken; given += crumbBytes) {
    if (given > 10 * pagesAfter * pageInLog) world.wrong('a disk freed by crumbs: nothing more was stored');
    const refused = world.refusals.place;
    disk.giveBack(crumbBytes);
    const isFullAgain = () => !isUnderWay() || world.refusals.place > refused;
    await campaign.expect('a disk freed by crumbs: is full again', isFullAgain);
  }
  disk.free();
  if (world.stage.shopRuns) await placing;
}

// It may refuse to start where its lock can not be written, in words; or run and wait for room.
async function startOnFullDisk(campaign) {
  const { stage } = campaign.world;
  stage.launchShop();
  await stage.waitForShop('/livez').catch(() => {});
  if (stage.shopRuns) return;
  const { exitCode, signalCode } = stage.shop;
  if (exitCode !== 1) campaign.world.wrong(`a start on a full disk ended with ${exitCode ?? signalCode}`);
}

// With `killed` the shop is killed and started while there is no room; with `crumbs` room comes back slowly.
export async function diskFull(campaign, { seconds, killed = false, crumbs = false }) {
  const { world, disk } = campaign;
  const { stage } = world;
  await campaign.inspect('the time before a full disk');
  if (crumbs) await placeWhile(campaign, () => logPages(disk) < firstPiece - pagesBefore);
  const buyers = await Promise.all(paidWhileFull.map((sku) => readyToPay(world, { sku })));
  let { pid } = stage.shop;
  await fillAndSee(campaign, buyers, seconds);
  if (killed) {
    await campaign.kill('disk_full');
    await startOnFullDisk(campaign);
    pid = stage.shopRuns ? stage.shop.pid : null;
  }
  if (crumbs) await freeByCrumbs(campaign);
  else disk.free();
  if (pid === null) await stage.startShop();
  else await campaign.expect('a freed disk: ready again', async () => (await stage.readiness()).ready);
  if (pid !== null && (!stage.shopRuns || stage.shop.pid !== pid)) world.wrong('a freed disk: the shop did not live through it');
  for (const buyer of buyers) world.run(buyer, (each) => each.finish());
  for (const buyer of buyers) await buyer.lookUntil(() => buyer.isFinal);
  ++campaign.episodes.disk_full;
  campaign.say(`disk full ${campaign.episodes.disk_full}${killed ? ', killed in it' : ''}${crumbs ? ', freed by crumbs' : ''}`);
  await campaign.inspect('a full disk');
}
