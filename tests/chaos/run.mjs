// Disturbs the real shop again and again while buyers are at it, and shows that nothing acknowledged is lost and nothing
// is doubled (docs/internals/chaos.md):
//   node run.mjs [--kills N] [--seed S] [--only kill,disk_full,stop,clock] [--short] [--json]
// The programs are those of DAOZHANG_BIN.
import { parseArgs } from 'node:util';
import { Stage, skip } from '../stage/stage.mjs';
import { Campaign } from './campaign.mjs';
import { changeClock, findFakeTime } from './clocks.mjs';
import { diskFull } from './disk_full.mjs';
import { breakSandbox, products, secrets, stories, unhurriedStories } from './goods.mjs';
import { planKills } from './kills.mjs';
import { Random, sleep } from './random.mjs';
import { SmallDisk } from './small_disk.mjs';
import { standStill } from './stops.mjs';
import { World } from './world.mjs';

const settings = [
  'policy.payment_window_seconds=60',
  'policy.payment_ask_seconds=1',
  'policy.payment_ask_max_seconds=4',
  'outgoing.total_timeout_seconds=5',
];
const sandboxSettings = ['alipay.notify_speed=240', 'supplier.done_after_ms=400'];
const killMs = 8_000; // At most, and each other episode at most:
const episodeMs = 180_000;
const diskMegabytes = (kills) => 128 + Math.ceil(kills / 2);

// Each disturbance and for how long: the whole campaign, and what fits into a test.
const [plus, minus] = ['+2h', '-2h'];
const long = {
  stops: [{ seconds: 60 }, { seconds: 8 }],
  clocks: [
    { shift: plus, seconds: 10 },
    { shift: minus, seconds: 10 },
    { shift: plus, seconds: 10, monotonic: true },
    { shift: minus, seconds: 10, monotonic: true },
    { shift: plus, seconds: 10, underway: true },
    { shift: minus, seconds: 10, underway: true },
  ],
  disks: [{ seconds: 2 }, { seconds: 15 }, { seconds: 2, killed: true }, { seconds: 2, crumbs: true }],
};
const short = {
  stops: [{ seconds: 7 }],
  clocks: [{ shift: plus, seconds: 3 }, { shift: minus, seconds: 3, underway: true }],
  disks: [{ seconds: 2 }, { seconds: 0, killed: true }],
};

const episodes = ['kill', 'disk_full', 'stop', 'clock'];
const { values: options } = parseArgs({
  options: {
    kills: { type: 'string', default: '50' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    only: { type: 'string', default: episodes.join(',') },
    short: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});

const numberOf = (name) => {
  if (!/^\d{1,9}$/.test(options[name])) throw new Error(`--${name} ${options[name]} is no number`);
  return Number(options[name]);
};

function wantedEpisodes() {
  const wanted = new Set(options.only.split(','));
  for (const name of wanted)
    if (!episodes.includes(name)) throw new Error(`--only ${name}: there are ${episodes.join(', ')}`);
  return wanted;
}

// Among the kills each other episode has a place of its own.
function mixed(random, kills, others) {
  const plan = [...kills];
  for (const episode of random.shuffled(others)) plan.splice(Math.floor(random.next() * (plan.length + 1)), 0, episode);
  return plan;
}

// → the episodes besides the kills, and what can not be done here.
function planOthers(campaign, wanted) {
  const size = options.short ? short : long;
  const skipped = [];
  const others = [];
  const add = (list, episode) =>
    others.push(...list.map((each) => async () => {
      await sleep(campaign.world.random.between(300, 1_500)); // Until buyers are at it again.
      await episode(campaign, each);
    }));
  if (wanted.has('stop')) add(size.stops, standStill);
  if (wanted.has('disk_full') && campaign.disk) add(size.disks, diskFull);
  else if (wanted.has('disk_full')) skipped.push('disk_full: a file system may not be mounted here; it takes root');
  if (wanted.has('clock') && campaign.fakeTime) add(size.clocks, changeClock);
  else if (wanted.has('clock')) skipped.push('clock: libfaketime is not installed; ./dev setup brings it');
  return { others, skipped };
}

// → the episodes in their order.
function planOf(campaign, wanted) {
  const { random } = campaign.world;
  const { others, skipped } = planOthers(campaign, wanted);
  const kills = wanted.has('kill') ? planKills(random, numberOf('kills')) : [];
  return { plan: mixed(random, kills, others), others: others.length, skipped };
}

async function play(campaign, wanted, { plan, others }) {
  const { world } = campaign;
  world.shop.giveUpAt = Date.now() + plan.length * killMs + others * episodeMs;
  for (const [at, episode] of plan.entries()) {
    if (campaign.isBroken) return;
    world.hasTime = wanted.has('kill') && at < plan.length / 2;
    await episode(campaign);
  }
}

function tally(words) {
  const counts = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

function resultOf(campaign, { late = null, lateSuccesses = null } = {}, seed, skipped) {
  const { problems, orders, refusals } = campaign.world;
  return {
    kills: campaign.kills,
    orders: orders.size,
    lost: problems.lost.length,
    doubled: problems.doubled.length,
    fsck_failures: campaign.fsckFailures,
    wrong: problems.wrong.length,
    windows_reached: Object.values(campaign.reached).filter((count) => count > 0).length,
    ...campaign.episodes,
    late,
    late_successes: lateSuccesses,
    skipped,
    seed,
    refused: refusals,
    states: tally([...orders.values()].map(({ view }) => view?.state)),
    windows: campaign.reached,
    took_s: Math.round((Date.now() - campaign.began) / 1_000),
  };
}

function print(result) {
  if (options.json) return console.log(JSON.stringify(result));
  for (const [name, value] of Object.entries(result)) {
    if (typeof value !== 'object' || value === null) console.log(`${name}: ${value}`);
    else for (const [key, count] of Object.entries(value)) console.log(`${name} ${key}: ${count}`);
  }
}

function isGood(campaign, wanted, result) {
  const missed = wanted.has('kill') ? Object.keys(result.windows).filter((name) => result.windows[name] === 0) : [];
  if (!campaign.isBroken) for (const name of missed) console.error(`window ${name} was never reached`);
  return result.lost + result.doubled + result.wrong + result.fsck_failures + missed.length === 0;
}

async function keepForALook(stage, disk, seed) {
  await stage.keep();
  disk?.unmount(stage.file('store_kept'));
  console.error(`seed ${seed}; kept for a look: ${stage.directory}`);
}

async function main() {
  const seed = numberOf('seed');
  const wanted = wantedEpisodes();
  let disk = null;
  const prepareStore = wanted.has('disk_full')
    ? (folder) => (disk = SmallDisk.mount(folder, diskMegabytes(numberOf('kills'))))?.folder
    : undefined;
  console.error(`seed ${seed}`);
  const stage = await Stage.open({ products: () => products, secrets, settings, sandboxSettings, prepareStore });
  // What is overdue while the clock is wrong is looked at again a minute later: too long for a short run.
  const world = new World(stage, new Random(seed), options.short && wanted.has('clock') ? unhurriedStories : stories);
  let good = false;
  try {
    const campaign = new Campaign(world, disk, findFakeTime());
    const plan = planOf(campaign, wanted);
    for (const words of plan.skipped) console.error(`skipped: ${words}`);
    await breakSandbox(world.sandbox);
    const selling = world.sell();
    const tell = (cause) => world.wrong(cause.stack);
    await play(campaign, wanted, plan).catch(tell);
    const late = await campaign.end().catch(tell);
    await selling;
    const result = resultOf(campaign, late, seed, plan.skipped);
    print(result);
    good = isGood(campaign, wanted, result);
  } finally {
    world.close();
    if (!good) await keepForALook(stage, disk, seed);
    else {
      await stage.endPrograms();
      disk?.unmount();
      await stage.close();
    }
  }
  return good ? 0 : 1;
}

if (skip) console.log(skip);
else process.exit(await main());
