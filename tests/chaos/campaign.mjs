// One shop under load that is disturbed again and again, and what is counted meanwhile. Each disturbance is an episode;
// after each the store is checked, at the end every order is.
import { until } from '../stage/http.mjs';
import { healSandbox } from './goods.mjs';
import { sleep } from './random.mjs';
import { compareEverything, compareWithTruth } from './truth.mjs';
import { windows, windowsHit } from './windows.mjs';

const freshMs = 150;
const expectWithinMs = 20_000;
const endWithinMs = 120_000;
const brokenEndWithinMs = 20_000;
const replaysPerLook = 4;

export class Campaign {
  // disk, fakeTime: null where they are not to be had.
  constructor(world, disk, fakeTime) {
    this.world = world;
    this.disk = disk;
    this.fakeTime = fakeTime;
    this.began = Date.now();
    this.kills = 0;
    this.fsckFailures = 0;
    this.reached = Object.fromEntries([...Object.keys(windows), 'starting'].map((name) => [name, 0]));
    this.episodes = { disk_full: 0, stops: 0, clock_changes: 0 };
  }

  get isBroken() {
    return this.fsckFailures > 0 || Object.values(this.world.problems).some((list) => list.length > 0);
  }

  say(words) {
    console.error(`${((Date.now() - this.began) / 1_000).toFixed(1)} s: ${words}`);
  }

  // Called while the shop runs; the signal leaves before anything else is done.
  async kill(name) {
    const { stage } = this.world;
    if (!stage.shopRuns) this.world.wrong(`the shop had ended by itself before kill ${this.kills + 1}: ${stage.shop.signalCode}`);
    const ended = stage.killShop();
    const hit = windowsHit(this.world, freshMs);
    if (name) hit.delete(name); // Its own window says for itself whether it was reached.
    for (const each of hit) ++this.reached[each];
    ++this.kills;
    await ended;
    this.say(`kill ${this.kills} (${name ?? 'a random one'})`);
    await this.check(`kill ${this.kills} (${name ?? 'a random one'})`);
  }

  async check(after) {
    const { status, output } = await this.world.stage.fsck();
    if (status !== 0) {
      ++this.fsckFailures;
      console.error(`fsck after ${after} says ${status}:\n${output}`);
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

  // A polite end, the check, and a start: nothing is left in the write-ahead log.
  async inspect(after) {
    await this.world.stage.stopShop();
    await this.check(after);
    await this.world.stage.startShop();
    await this.lookBack();
  }

  // What must come true by itself. → whether it did.
  async expect(what, probe, withinMs = expectWithinMs) {
    const held = await until(what, probe, { withinMs }).catch((cause) => cause);
    if (held instanceof Error) this.world.wrong(held.message);
    return !(held instanceof Error);
  }

  // What was said before a disturbance still holds after it.
  async lookBack() {
    const { world } = this;
    const buyers = world.finishedBuyers();
    await compareWithTruth(world, buyers);
    for (let i = 0; i < Math.min(replaysPerLook, buyers.length); ++i) {
      const buyer = world.random.pick(buyers);
      await Promise.all([buyer.replay(), buyer.look(), buyer.secrets.size > 0 && buyer.reveal()]);
    }
  }

  // → { late, lateSuccesses }
  async end() {
    const { world } = this;
    world.selling = false;
    this.say(`${world.orders.size} orders; ${world.open.size} are brought to their end`);
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
