// All buyers of one run, what the shop has ever said to any of them, and what was found wrong.
import { Buyer } from './buyer.mjs';
import { Client, Sandbox } from './client.mjs';
import { stories } from './goods.mjs';
import { sleep } from './random.mjs';

const busyMax = 20;
const waitingMax = 40;
const problemsShown = 20;
const patienceWhenBrokenMs = 60_000;
const refusals = ['store_unavailable', 'overloaded'];

export class World {
  constructor(stage, random, wantedStories = stories) {
    this.stage = stage;
    this.stories = wantedStories;
    this.random = random;
    this.shop = new Client(stage.shopUrl, (kind, answer) => this.refused(kind, answer));
    this.refusals = {}; // By the kind of request: how often the shop said that it can not just now.
    this.sandbox = new Sandbox(stage.sandboxUrl);
    this.orders = new Map(); // order_no -> buyer, as acknowledged.
    this.open = new Set(); // Buyers whose story goes on.
    this.ownerOf = new Map(); // secret -> order_no.
    this.problems = { lost: [], doubled: [], wrong: [] };
    this.selling = true;
    this.hasTime = true; // Whether some of the new buyers may let the payment window pass.
  }

  lost(words) {
    this.tell('lost', words);
  }
  doubled(words) {
    this.tell('doubled', words);
  }
  wrong(words) {
    this.tell('wrong', words);
  }
  tell(kind, words) {
    if (this.problems[kind].includes(words)) return;
    this.problems[kind].push(words);
    this.shop.giveUpAt = Math.min(this.shop.giveUpAt, Date.now() + patienceWhenBrokenMs);
    if (this.problems[kind].length <= problemsShown) console.error(`${kind}: ${words}`);
  }

  // It may refuse for a while, but in words that say so.
  refused(kind, { status, text }) {
    this.refusals[kind] = (this.refusals[kind] ?? 0) + 1;
    if (status !== 503 || !refusals.some((code) => text.includes(`"code":"${code}"`)))
      this.wrong(`${kind} was answered ${status} ${text}`);
  }

  acknowledged(buyer) {
    const other = this.orders.get(buyer.orderNo);
    if (other && other !== buyer) this.doubled(`${buyer.orderNo} was given to two buyers`);
    this.orders.set(buyer.orderNo, buyer);
  }

  secretSeen(secret, buyer) {
    const owner = this.ownerOf.get(secret);
    if (owner !== undefined && owner !== buyer.orderNo)
      this.doubled(`${secret} was revealed to ${owner} and to ${buyer.orderNo}`);
    this.ownerOf.set(secret, buyer.orderNo);
  }

  buyer(story) {
    return new Buyer(this, story);
  }

  // Lets a buyer's story go on beside everything else.
  run(buyer, story = (each) => each.live()) {
    this.open.add(buyer);
    story(buyer)
      .catch((cause) => this.wrong(`${buyer.orderNo ?? buyer.story.sku}: ${cause.message}`))
      .finally(() => this.open.delete(buyer));
  }

  // Buyers come as long as the shop sells, each a little later than the one before.
  async sell() {
    while (this.selling) {
      const story = this.random.weighted(this.stories);
      if (story.waits ? this.hasTime && this.countOpen(true) < waitingMax : this.countOpen(false) < busyMax)
        this.run(this.buyer(story));
      await sleep(this.random.between(20, 100));
    }
  }

  countOpen(waits) {
    return [...this.open].filter(({ story }) => Boolean(story.waits) === waits).length;
  }

  finishedBuyers() {
    return [...this.orders.values()].filter((buyer) => buyer.finished);
  }

  close() {
    this.shop.close();
    this.sandbox.close();
  }
}
