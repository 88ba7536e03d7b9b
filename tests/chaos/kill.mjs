// Kills the real shop again and again while buyers are at it, and shows that nothing acknowledged is lost and nothing
// is doubled:
//   node kill.mjs [--kills N] [--seed S] [--json]
// N kills at random moments, and beside them one or two in each named window of a unit's life. The programs are
// those of DAOZHANG_BIN.
import { parseArgs } from 'node:util';
import { Stage, skip } from '../stage/stage.mjs';
import { breakSandbox, healSandbox, products, secrets } from './goods.mjs';
import { Random, sleep } from './random.mjs';
import { compareEverything, compareWithTruth } from './truth.mjs';
import { windows, windowsHit } from './windows.mjs';
import { World } from './world.mjs';

const roundsPerWindow = 2;
const triesPerRound = 8;
const freshMs = 150;
const secondRoundWithinMs = 150_000; // A slow machine does the first round only.
const killWithinMs = 400_000;
const endWithinMs = 120_000;
const brokenEndWithinMs = 20_000;
const replaysPerKill = 4;
const settings = [
  'policy.payment_window_seconds=60',
  'policy.payment_ask_seconds=1',
  'policy.payment_ask_max_seconds=4',
  'outgoing.total_timeout_seconds=5',
];
const sandboxSettings = ['alipay.notify_speed=240', 'supplier.done_after_ms=400'];

const { values: options } = parseArgs({
  options: {
    kills: { type: 'string', default: '50' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    json: { type: 'boolean', default: false },
  },
});

class Campaign {
  constructor(world) {
    this.world = world;
    this.kills = 0;
    this.fsckFailures = 0;
    this.reached = Object.fromEntries([...Object.keys(windows), 'starting'].map((name) => [name, 0]));
  }

  get isBroken() {
    return this.fsckFailures > 0 || Object.values(this.world.problems).some((list) => list.length > 0);
  }

  // Called while the shop runs; the signal leaves before anything else is done.
  async kill(name) {
    const { stage } = this.world;
    if (stage.shop.exitCode !== null || stage.shop.signalCode !== null)
      this.world.wrong(`the shop had ended by itself before kill ${this.kills + 1}: ${stage.shop.signalCode}`);
    const ended = stage.killShop();
    const hit = windowsHit(this.world, freshMs);
    if (name) hit.delete(name); // Its own window says for itself whether it was reached.
    for (const each of hit) ++this.reached[each];
    ++this.kills;
    await ended;
    await this.check(name);
  }

  async check(name = 'a random one') {
    const { status, output } = await this.world.stage.fsck();
    if (status !== 0) {
      ++this.fsckFailures;
      console.error(`fsck after kill ${this.kills} (${name}) says ${status}:\n${output}`);
    }
    return output;
  }

  async restart() {
    if (this.world.random.next() < 0.1 || this.reached.starting === 0) await this.killWhileStarting();
    await this.world.stage.startShop();
  }

  async killWhileStarting() {
    const { stage, random } = this.world;
    let isReady = false;
    stage.startShop().then(
      () => (isReady = true),
      () => {},
    );
    await sleep(random.between(2, 60));
    if (!isReady) ++this.reached.starting;
    await this.kill('starting');
  }

  async killAtRandom() {
    await sleep(this.world.random.between(100, 1_200));
    await Promise.allSettled([...this.world.open].filter((buyer) => buyer.orderNo).map((buyer) => buyer.glance()));
    await this.kill();
    await this.restart();
  }

  // Until it is reached once more; a moment that lasts a millisecond may be missed a few times.
  async killInWindow(name) {
    for (let tries = 0; tries < triesPerRound; ++tries) {
      const before = this.kills;
      const kill = async () => {
        await this.kill(name);
        await this.restart();
      };
      const isReached = await windows[name](this.world, kill);
      if (this.kills > before) await this.lookBack();
      if (!isReached) continue;
      ++this.reached[name];
      return;
    }
  }

  // After each kill: what was said before it still holds.
  async lookBack() {
    const { world } = this;
    const buyers = world.finishedBuyers();
    await compareWithTruth(world, buyers);
    for (let i = 0; i < Math.min(replaysPerKill, buyers.length); ++i) {
      const buyer = world.random.pick(buyers);
      await Promise.all([buyer.replay(), buyer.look(), buyer.secrets.size > 0 && buyer.reveal()]);
    }
  }

  async run(randomKills) {
    const { world } = this;
    const names = Object.keys(windows);
    const named = Array.from({ length: roundsPerWindow }, () => world.random.shuffled(names)).flat();
    const began = Date.now();
    world.shop.giveUpAt = began + killWithinMs;
    const perNamed = Math.max(1, randomKills) / named.length;
    for (let i = 0, atRandom = 0; i < named.length && !this.isBroken; ++i) {
      world.hasTime = i < named.length / 2;
      for (; atRandom < Math.round((i + 1) * perNamed) && atRandom < randomKills; ++atRandom) {
        await this.killAtRandom();
        await this.lookBack();
      }
      if (i < names.length || Date.now() < began + secondRoundWithinMs) await this.killInWindow(named[i]);
    }
  }

  async end() {
    const { world } = this;
    world.selling = false;
    await healSandbox(world.sandbox);
    world.shop.giveUpAt = Date.now() + (this.isBroken ? brokenEndWithinMs : endWithinMs);
    while (world.open.size > 0) await sleep(200);
    const late = await compareEverything(world);
    await world.stage.stopShop();
    // An order that was made twice for one key would be known to nobody but the store.
    const stored = Number(/^S20\s+(\d+) checked/m.exec(await this.check('the end'))?.[1]);
    if (stored !== world.orders.size)
      world.doubled(`${world.orders.size} orders were acknowledged, the store has ${stored}`);
    return late;
  }
}

function tally(words) {
  const counts = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

function resultOf(campaign, seed, late, began) {
  const { lost, doubled, wrong } = campaign.world.problems;
  return {
    seed,
    kills: campaign.kills,
    orders: campaign.world.orders.size,
    states: tally([...campaign.world.orders.values()].map(({ view }) => view?.state)),
    windows: campaign.reached,
    lost: lost.length,
    doubled: doubled.length,
    wrong: wrong.length,
    late_successes: late ?? null,
    fsck_failures: campaign.fsckFailures,
    took_s: Math.round((Date.now() - began) / 1_000),
  };
}

function print(result) {
  if (options.json) return console.log(JSON.stringify(result));
  for (const [name, value] of Object.entries(result)) {
    if (typeof value !== 'object' || value === null) console.log(`${name}: ${value}`);
    else for (const [key, count] of Object.entries(value)) console.log(`${name} ${key}: ${count}`);
  }
}

async function main() {
  const seed = Number(options.seed);
  const began = Date.now();
  const stage = await Stage.open({ products: () => products, secrets, settings, sandboxSettings });
  const world = new World(stage, new Random(seed));
  console.error(`seed ${seed}`);
  let failed = true;
  try {
    const campaign = new Campaign(world);
    await breakSandbox(world.sandbox);
    const selling = world.sell();
    const tell = (cause) => world.wrong(cause.stack);
    await campaign.run(Number(options.kills)).catch(tell);
    const late = await campaign.end().catch(tell);
    await selling;
    const result = resultOf(campaign, seed, late, began);
    print(result);
    const missed = Object.keys(result.windows).filter((name) => result.windows[name] === 0);
    if (!campaign.isBroken) for (const name of missed) console.error(`window ${name} was never reached`);
    failed = result.lost + result.doubled + result.wrong + result.fsck_failures + missed.length > 0;
  } finally {
    world.close();
    if (failed) console.error(`seed ${seed}; kept for a look: ${stage.directory}`);
    await (failed ? Promise.all([stage.end(stage.shop), stage.end(stage.sandbox)]) : stage.close());
  }
  return failed ? 1 : 0;
}

if (skip) console.log(skip);
else process.exit(await main());
