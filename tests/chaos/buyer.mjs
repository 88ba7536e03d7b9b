// One buyer with one order: places, pays, watches, reveals, and remembers every acknowledged word of the shop, so that
// a word taken back is noticed at once.
import { randomBytes } from 'node:crypto';
import { promiseSecondsOf } from './goods.mjs';
import { Punctuality } from './punctuality.mjs';
import { sleep } from './random.mjs';

const lookEveryMs = 250;
const finalStates = new Set(['delivered', 'partially_delivered', 'given_back', 'expired']);
const isTaken = (outcome) => outcome === 'paid' || outcome === 'already_paid';
const cannotPay = new Set(['expired', 'trade_closed', 'no_such_trade']);

export class Buyer {
  constructor(world, story) {
    this.world = world;
    this.story = { quantity: 1, channel: 'alipay', ...story };
    this.key = randomBytes(24).toString('base64url');
    this.view = null; // The order as last seen, and when.
    this.seenAt = 0;
    this.takings = new Set(); // payment_no of those on which the channel took money.
    this.opened = new Set(['1']); // payment_no of every acknowledged payment.
    this.secrets = new Map(); // unit_no -> secret.
    this.finished = false;
  }

  // Where it stays, with all the money that was taken known and all that is owed on its way.
  get isFinal() {
    const { view } = this;
    if (!view || !finalStates.has(view.state)) return false;
    if (view.payments.filter((payment) => payment.paid_minor > 0).length < this.takings.size) return false;
    return view.refunds.every((refund) => refund.state === 'accepted' || refund.state === 'settled');
  }

  get isLate() {
    return this.punctuality.judge(this.view).isLate;
  }

  placing() {
    const { sku, quantity, channel, phone } = this.story;
    const body = { sku, quantity, channel, contact: { email: 'chaos@example.com' } };
    if (phone) body.target = { phone };
    return { headers: { 'Idempotency-Key': this.key }, body };
  }

  // Until it is answered; the first answer is the only one that there may ever be.
  async place() {
    const answer = await this.world.shop.ask('place', 'POST', '/v1/orders', this.placing());
    if (answer.status !== 201) throw new Error(`placing ${this.story.sku}: ${answer.status} ${answer.text}`);
    this.acknowledge(answer);
    return this;
  }

  acknowledge(answer) {
    if (this.firstAnswer !== undefined) return;
    this.firstAnswer = answer.text;
    this.placed = answer.json();
    this.orderNo = this.placed.order_no;
    this.auth = { Authorization: `Bearer ${this.placed.access_code}` };
    const payBy = Date.parse(this.placed.promise.pay_by);
    this.punctuality = new Punctuality(promiseSecondsOf(this.story.sku), payBy, Date.now());
    this.world.acknowledged(this);
  }

  async replay() {
    const answer = await this.world.shop.ask('replay', 'POST', '/v1/orders', this.placing());
    if (answer.status !== 201) this.world.lost(`${this.orderNo}: a replay says ${answer.status} ${answer.text}`);
    else if (answer.json().order_no !== this.orderNo)
      this.world.doubled(`${this.orderNo}: the same key made ${answer.json().order_no} as well`);
    else if (answer.text !== this.firstAnswer)
      this.world.wrong(`${this.orderNo}: a replay is not the same to the byte: ${answer.text} / ${this.firstAnswer}`);
  }

  // One look; throws if the shop is away.
  async glance() {
    const known = this.view?.version ?? 0;
    const askedAt = Date.now();
    const answer = await this.world.shop.try('look', 'GET', `/v1/orders/${this.orderNo}`, { headers: this.auth });
    if (answer.status >= 500) throw new Error(answer.text);
    if (answer.status !== 200) {
      this.world.lost(`${this.orderNo}: acknowledged, and now ${answer.status} ${answer.text}`);
      this.isLost = true;
      throw new Error('lost');
    }
    const next = answer.json();
    if (next.version < known)
      this.world.lost(`${this.orderNo}: version ${known} was shown, now it is ${next.version}`);
    else if (next.version >= (this.view?.version ?? 0)) this.see(next, askedAt);
    return this.view;
  }

  see(next, askedAt) {
    for (const unit of this.view?.units ?? [])
      if (unit.state === 'delivered' && next.units[unit.unit_no - 1].state !== 'delivered')
        this.world.lost(`${this.orderNo}: unit ${unit.unit_no} was delivered, now it is not`);
    this.view = next;
    this.seenAt = Date.now();
    this.punctuality.seen(next, askedAt, this.seenAt);
  }

  async look() {
    for (;;) {
      const view = await this.glance().catch(() => null);
      if (view) return view;
      if (this.isLost) throw new Error('its order is lost');
      if (Date.now() >= this.world.shop.giveUpAt) throw new Error(`${this.orderNo}: never answered`);
      await sleep(lookEveryMs);
    }
  }

  async lookUntil(holds, everyMs = lookEveryMs) {
    for (;;) {
      const view = await this.look();
      if (holds(view)) return view;
      if (Date.now() >= this.world.shop.giveUpAt) throw new Error(`${this.orderNo} is still ${view.state}`);
      await sleep(everyMs);
    }
  }

  async openPayment(channel) {
    const path = `/v1/orders/${this.orderNo}/payments`;
    const answer = await this.world.shop.ask('open', 'POST', path, { headers: this.auth, body: { channel } });
    if (answer.status !== 200 && answer.status !== 201) return null;
    const payment = answer.json();
    this.opened.add(payment.payment_no);
    return payment.payment_no;
  }

  // Where the payer goes: our own address, or what the code says once it is there.
  async payAddress(number) {
    const find = (view) => view.payments.find((payment) => payment.payment_no === number);
    const isOver = (payment) => !['preparing', 'ready'].includes(payment.state);
    const view = await this.lookUntil((each) => {
      const payment = find(each);
      return payment.redirect_url ?? payment.qr_content ?? isOver(payment);
    });
    const payment = find(view);
    return isOver(payment) ? null : (payment.redirect_url ?? payment.qr_content);
  }

  // → whether money was taken on it.
  async pay(number = '1') {
    for (;;) {
      const address = await this.payAddress(number);
      if (!address) return false;
      const outcome = await this.world.sandbox.visit(address).catch(() => 'no_answer');
      if (isTaken(outcome)) {
        this.takings.add(number);
        return true;
      }
      if (cannotPay.has(outcome)) return false;
      await sleep(lookEveryMs);
    }
  }

  // The trade is known to the channel afterwards and not paid.
  async openTrade(number = '1') {
    for (;;) {
      const address = await this.payAddress(number);
      if (!address) return false;
      const outcome = await this.world.sandbox.visit(address, false).catch(() => 'no_answer');
      if (outcome === 'opened') return true;
      await sleep(lookEveryMs);
    }
  }

  tradeNumber(number) {
    return `${this.orderNo}_${number}`;
  }

  // Of a trade that is open; what the channel says counts.
  async payTrade(number = '1') {
    const outcome = await this.world.sandbox.payTrade(this.tradeNumber(number));
    if (isTaken(outcome)) this.takings.add(number);
    return outcome;
  }

  async reveal() {
    const path = `/v1/orders/${this.orderNo}/reveal`;
    const answer = await this.world.shop.ask('reveal', 'POST', path, { headers: this.auth });
    if (answer.status !== 200) return this.world.wrong(`${this.orderNo}: reveal says ${answer.status} ${answer.text}`);
    for (const { unit_no: unitNo, secret } of answer.json().units) {
      const before = this.secrets.get(unitNo);
      if (before !== undefined && before !== secret)
        this.world.doubled(`${this.orderNo}: unit ${unitNo} was revealed as ${before}, now as ${secret}`);
      this.secrets.set(unitNo, secret);
      this.world.secretSeen(secret, this);
    }
  }

  async payAll() {
    const { neverPays, paysTwice, paysAtTheEnd } = this.story;
    if (neverPays) return;
    if (paysAtTheEnd) {
      await this.payAtTheEnd();
      return;
    }
    const second = paysTwice ? await this.openPayment('alipay_qr') : null;
    await Promise.all([this.pay('1'), second && this.pay(second)]);
  }

  // While the payment window closes, a little before or after; this channel takes late money.
  async payAtTheEnd() {
    if (!(await this.openTrade())) return;
    const end = Date.parse(this.placed.payment.expires_at);
    await sleep(end - Date.now() + this.world.random.between(-2_000, 4_000));
    await this.payTrade();
  }

  // Ends when the order is where it stays.
  async finish() {
    await this.lookUntil(() => this.isFinal, lookEveryMs * 2);
    for (const number of this.opened)
      if (!this.view.payments.some((payment) => payment.payment_no === number))
        this.world.lost(`${this.orderNo}: payment ${number} was acknowledged and is gone`);
    if (this.view.units.some((unit) => unit.revealable)) await this.reveal();
    this.finished = true;
  }

  async live() {
    if (!this.orderNo) await this.place();
    await this.payAll();
    await this.finish();
  }
}
