// A shop as its buyers, its channel and its supplier meet it. Every answer of its API is held against the document.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { call, until } from '../stage/http.mjs';
import { Stage } from '../stage/stage.mjs';
import { checkAnswer } from './contract.mjs';

export { skip } from '../stage/stage.mjs';
export { until };

export const newKey = () => randomBytes(18).toString('base64url');
export const freshPhone = () => `138${String(Math.floor(Math.random() * 1e8)).padStart(8, '0')}`;
const sum = (rows) => rows.reduce((total, { amount_minor }) => total + amount_minor, 0);

// One story on a fresh shop and sandbox. It ends with a clean stop and a clean fsck.
export async function withShop(options, story) {
  const stage = await Stage.open(options);
  try {
    await story(new Shop(stage));
    await stage.stopAndCheck();
  } catch (cause) {
    cause.message += `\n--- serve.log\n${stage.log('serve').slice(-3_000)}`;
    throw cause;
  } finally {
    await stage.close();
  }
}

export class Shop {
  constructor(stage) {
    this.stage = stage;
  }

  async api(method, path, options = {}) {
    const answer = await call(`${this.stage.shopUrl}${path}`, { ...options, method });
    checkAnswer(method, path, answer);
    return answer;
  }

  async sandbox(method, path, body) {
    const answer = await call(`${this.stage.sandboxUrl}/sandbox/v1/${path}`, { method, body });
    return { status: answer.status, ...answer.json() };
  }

  async fault(name, setting = {}) {
    const { status } = await this.sandbox('PUT', `faults/${name}`, { on: true, ...setting });
    assert.equal(status, 200, name);
  }

  // A fault that never struck proves nothing.
  async assertStruck(...names) {
    const { faults } = await this.sandbox('GET', 'faults');
    for (const name of names) assert.ok(faults.find((fault) => fault.name === name).struck > 0, `${name} never struck`);
  }

  placing(wanted = {}, key = newKey()) {
    const body = { sku: 'steam-card-50', quantity: 1, contact: { email: 'buyer@example.com' }, channel: 'alipay', ...wanted };
    return this.api('POST', '/v1/orders', { body, headers: { 'Idempotency-Key': key } });
  }

  async place(wanted, key) {
    const answer = await this.placing(wanted, key);
    assert.equal(answer.status, 201, answer.text);
    return this.orderOf(answer);
  }

  orderOf(placed) {
    return new Order(this, placed.json());
  }

  placeTopup(wanted = {}) {
    const phone = freshPhone();
    return this.place({ sku: 'mobile-topup-50', target: { phone }, ...wanted });
  }

  truth() {
    return this.sandbox('GET', 'truth');
  }

  // What the channel and the supplier say about one order.
  async truthOf(orderNo) {
    const truth = await this.truth();
    const taken = truth.money_taken.filter(({ out_trade_no }) => out_trade_no.startsWith(`${orderNo}_`));
    const givenBack = truth.money_given_back.filter(({ out_trade_no }) => out_trade_no.startsWith(`${orderNo}_`));
    const goods = truth.goods_executed.filter(({ reference }) => reference.startsWith(`${orderNo}_`));
    const executed = goods.reduce((count, row) => count + row.executed, 0);
    return { taken: sum(taken), givenBack: sum(givenBack), refunds: givenBack.length, executed };
  }
}

export class Order {
  constructor(shop, placed) {
    this.shop = shop;
    this.no = placed.order_no;
    this.code = placed.access_code;
    this.payment = placed.payment;
    this.placed = placed;
  }

  get headers() {
    return { Authorization: `Bearer ${this.code}` };
  }

  async get() {
    const answer = await this.shop.api('GET', `/v1/orders/${this.no}`, { headers: this.headers });
    assert.equal(answer.status, 200, answer.text);
    return answer.json();
  }

  async until(what, holds, withinMs = 30_000) {
    let order;
    const probe = async () => {
      order = await this.get();
      return holds(order) && order;
    };
    return until(`${this.no} ${what}`, probe, { withinMs, seen: () => `\n${JSON.stringify(order, null, 1)}` });
  }

  untilState(state, withinMs) {
    return this.until(`is ${state}`, (order) => order.state === state, withinMs);
  }

  // As the buyer's browser and wallet do it; the channel's own answer.
  payUrl(url, more = {}) {
    return this.shop.sandbox('POST', 'pay-url', { url, ...more });
  }

  async pay(more = {}) {
    const paid = await this.payUrl(this.payment.redirect_url, more);
    assert.equal(paid.status, 200, JSON.stringify(paid));
    return paid.trade;
  }

  async openOther(channel) {
    const body = { channel };
    const answer = await this.shop.api('POST', `/v1/orders/${this.no}/payments`, { body, headers: this.headers });
    assert.ok([200, 201].includes(answer.status), answer.text);
    return answer.json();
  }

  reveal() {
    return this.shop.api('POST', `/v1/orders/${this.no}/reveal`, { headers: this.headers });
  }

  async secrets() {
    const answer = await this.reveal();
    assert.equal(answer.status, 200, answer.text);
    return answer.json().units.map(({ secret }) => secret);
  }

  truth() {
    return this.shop.truthOf(this.no);
  }

  // What we say and what the channel and the supplier say is the same.
  async agree({ taken, givenBack = 0, refunds, executed = 0 }) {
    const order = await this.get();
    const truth = await this.truth();
    assert.equal(truth.taken, taken, 'the channel took');
    assert.equal(truth.givenBack, givenBack, 'the channel gave back');
    if (refunds !== undefined) assert.equal(truth.refunds, refunds, 'refunds at the channel');
    assert.equal(truth.executed, executed, 'the supplier executed');
    const paid = order.payments.reduce((total, { paid_minor }) => total + paid_minor, 0);
    assert.equal(paid, taken, 'we say that we got');
    const accepted = order.refunds.filter(({ state }) => ['accepted', 'settled'].includes(state));
    assert.equal(sum(accepted), givenBack, 'we say that we gave back');
    assert.equal(order.refunds.length, accepted.length, 'every refund is through');
    return order;
  }
}
