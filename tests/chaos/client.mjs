// The shop's and the sandbox's API as a client sees it that may lose its server at any moment: it knows which of its
// requests have left and have no answer yet, and asks again until it is answered.
import { Agent, request as send } from 'node:http';
import { sleep } from './random.mjs';

const patienceMs = 20_000;
const pauseMs = 40;

export class Client {
  // `onRefused` hears of every answer that is about the server itself (5xx).
  constructor(base, onRefused = () => {}) {
    this.base = base;
    this.onRefused = onRefused;
    this.agent = new Agent({ keepAlive: true, maxSockets: 128 });
    this.open = new Set();
    this.giveUpAt = Infinity;
  }

  // Requests of this kind that are with the server now.
  inFlight(kind) {
    return [...this.open].filter((each) => each.sent && each.kind === kind).length;
  }

  // One try. → { status, text, json() }; throws if there is no whole answer.
  try(kind, method, path, { headers = {}, body } = {}) {
    const content = body === undefined ? undefined : JSON.stringify(body);
    const all = { ...headers };
    if (content !== undefined) {
      all['Content-Type'] = 'application/json';
      all['Content-Length'] = Buffer.byteLength(content);
    }
    const flight = { kind, sent: false };
    this.open.add(flight);
    return new Promise((resolve, reject) => {
      const fail = (cause) => reject(cause instanceof Error ? cause : new Error('the answer was cut'));
      const options = { method, headers: all, agent: this.agent, timeout: patienceMs };
      const outgoing = send(this.base + path, options, (incoming) => {
        const chunks = [];
        incoming.on('data', (chunk) => chunks.push(chunk));
        incoming.on('error', fail);
        incoming.on('aborted', fail);
        incoming.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          const answer = { status: incoming.statusCode, text, json: () => JSON.parse(text) };
          if (answer.status >= 500) this.onRefused(kind, answer);
          resolve(answer);
        });
      });
      outgoing.on('finish', () => (flight.sent = true));
      outgoing.on('timeout', () => outgoing.destroy(new Error(`${method} ${path}: no answer`)));
      outgoing.on('error', fail);
      outgoing.end(content);
    }).finally(() => this.open.delete(flight));
  }

  // The same request again and again until the server says something that is not about itself.
  async ask(kind, method, path, options) {
    for (;;) {
      const answer = await this.try(kind, method, path, options).catch(() => null);
      if (answer && answer.status < 500) return answer;
      if (Date.now() >= this.giveUpAt) throw new Error(`${method} ${path}: never answered`);
      await sleep(pauseMs);
    }
  }

  close() {
    this.agent.destroy();
  }
}

// The switches and books of the sandbox, which is never killed.
export class Sandbox {
  constructor(base) {
    this.client = new Client(base);
  }

  async get(path) {
    const answer = await this.client.try('sandbox', 'GET', `/sandbox/v1/${path}`);
    if (answer.status !== 200) throw new Error(`sandbox ${path}: ${answer.status} ${answer.text}`);
    return answer.json();
  }

  async fault(name, setting) {
    const answer = await this.client.try('sandbox', 'PUT', `/sandbox/v1/faults/${name}`, { body: setting });
    if (answer.status !== 200) throw new Error(`fault ${name}: ${answer.status} ${answer.text}`);
  }

  async struck(name) {
    return (await this.get('faults')).faults.find((fault) => fault.name === name).struck;
  }

  // → the outcome's name; `no_cashier` if the way there is closed, now or for ever.
  async visit(url, pay = true) {
    const answer = await this.client.try('sandbox', 'POST', '/sandbox/v1/pay-url', { body: { url, pay } });
    const { outcome, code } = answer.json();
    return outcome ?? code;
  }

  async payTrade(outTradeNo) {
    const path = `/sandbox/v1/trades/${outTradeNo}/pay`;
    const answer = await this.client.try('sandbox', 'POST', path, { body: {} });
    return answer.json().outcome ?? answer.json().code;
  }

  truth() {
    return this.get('truth');
  }

  close() {
    this.client.close();
  }
}
