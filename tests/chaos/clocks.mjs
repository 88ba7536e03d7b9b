// The wall clock is wrong by hours, from a start on or while the shop runs, and right again (libfaketime). What was
// promised is neither given back early nor forgotten: until the clock is right nothing is given back by deadline.
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { phoneFor } from './goods.mjs';
import { sleep } from './random.mjs';
import { readyToPay } from './windows.mjs';

const libraries = '/usr/lib';
const noticedWithinMs = 3_000; // A change while the shop runs; libfaketime reads its file once a second.
const endsWithinMs = 30_000;
const slow = { sku: 'topup', phone: phoneFor('late') };
const unpaid = { sku: 'card' };

// → libfaketime's path, or null.
export function findFakeTime() {
  const places = readdirSync(libraries).map((name) => join(libraries, name, 'faketime/libfaketimeMT.so.1'));
  return places.find((file) => existsSync(file)) ?? null;
}

const isMoved = async (stage) => (await stage.readiness()).reasons.includes('wall_clock_moved');

// libfaketime leaves these behind when its process is killed, and a later process of the same number would fall over them.
function sweepUp(pid) {
  for (const name of [`faketime_shm_${pid}`, `sem.faketime_sem_${pid}`]) rmSync(join('/dev/shm', name), { force: true });
}

// Given up by deadline after that moment. One whose calling off had begun before it may still end by the supplier's answer.
function giveUps(world, since) {
  return [...world.orders.values()].filter(({ view, punctuality }) => {
    if (!view?.units.some(({ reason }) => reason === 'deadline_missed')) return false;
    const { ended_at: endedAt, due_at: dueAt } = view.stages.find(({ name }) => name === 'fulfilling');
    return Date.parse(endedAt) > since && Date.parse(dueAt) - punctuality.callOffMs > since;
  });
}

// What is on its way when the clock changes, and what buyers begin then.
async function prepare(world) {
  const waiting = await Promise.all([slow, slow, slow].map((story) => readyToPay(world, story)));
  for (const buyer of waiting) await buyer.payTrade();
  await Promise.all(waiting.map((buyer) => buyer.lookUntil((view) => view.state === 'fulfilling')));
  const toPay = await Promise.all([unpaid, unpaid].map((story) => readyToPay(world, story)));
  return { waiting, toPay };
}

async function live(campaign, { waiting, toPay }, since, seconds) {
  const { world } = campaign;
  for (const buyer of toPay) {
    const { state } = await buyer.look();
    if (state !== 'awaiting_payment') world.wrong(`${buyer.orderNo}: ${state} after the clock was changed, before its buyer paid`);
    world.run(buyer);
  }
  for (const buyer of waiting) world.run(buyer, (each) => each.finish());
  await sleep(seconds * 1_000);
  await Promise.allSettled([...world.open].filter((buyer) => buyer.orderNo).map((buyer) => buyer.glance()));
  for (const buyer of giveUps(world, since)) world.wrong(`${buyer.orderNo}: given up by deadline while the clock was wrong`);
  if (!(await isMoved(world.stage))) world.wrong('/readyz had forgotten that the clock was wrong');
}

async function allArrived(campaign, buyers) {
  for (const buyer of buyers) {
    const isOver = () => buyer.isFinal;
    if (!(await campaign.expect(`${buyer.orderNo}: ends after a changed clock`, isOver, endsWithinMs))) continue;
    if (buyer.view.state !== 'delivered') campaign.world.wrong(`${buyer.orderNo}: ${buyer.view.state} by a changed clock`);
  }
}

function environment(library, { shift, monotonic }, file) {
  const env = { LD_PRELOAD: library, NO_FAKE_STAT: '1', FAKETIME_CACHE_DURATION: '1' };
  if (!monotonic) env.FAKETIME_DONT_FAKE_MONOTONIC = '1';
  return file ? { ...env, FAKETIME_TIMESTAMP_FILE: file } : { ...env, FAKETIME: shift };
}

// Wrong from a start on, with or without the monotonic clock, which on a real machine never jumps.
async function startedWrong(campaign, variant) {
  const { world } = campaign;
  const { stage } = world;
  const orders = await prepare(world);
  await stage.stopShop();
  const since = Date.now();
  await campaign.check('a stop before a changed clock');
  stage.launchShop({ env: environment(campaign.fakeTime, variant) });
  await stage.waitForShop('/readyz', (answer) => answer.json().reasons?.includes('wall_clock_moved'));
  await live(campaign, orders, since, variant.seconds);
  const { pid } = stage.shop;
  await campaign.inspect('a changed clock');
  sweepUp(pid);
  return orders;
}

async function changedUnderway(campaign, variant) {
  const { world } = campaign;
  const { stage } = world;
  const file = stage.file('faketime');
  const set = (shift) => writeFileSync(file, `${shift}\n`);
  set('+0');
  await stage.stopShop();
  stage.launchShop({ env: environment(campaign.fakeTime, variant, file) });
  await stage.waitForShop();
  const orders = await prepare(world);
  const since = Date.now() + noticedWithinMs;
  set(variant.shift);
  await campaign.expect('a changed clock: /readyz says so', () => isMoved(stage));
  await live(campaign, orders, since, variant.seconds);
  set('+0');
  await campaign.expect('a clock put right: ready again', async () => (await stage.readiness()).ready);
  const { pid } = stage.shop;
  await campaign.inspect('a changed clock');
  sweepUp(pid);
  return orders;
}

// variant: { shift: '+2h' | '-2h', seconds, monotonic, underway }
export async function changeClock(campaign, variant) {
  const { waiting, toPay } = await (variant.underway ? changedUnderway : startedWrong)(campaign, variant);
  await allArrived(campaign, [...waiting, ...toPay]);
  ++campaign.episodes.clock_changes;
  const how = variant.underway ? 'while it ran' : variant.monotonic ? 'with the monotonic clock, at a start' : 'at a start';
  campaign.say(`clock ${variant.shift} ${how}, and back`);
}
