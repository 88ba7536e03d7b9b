// A live page's connection: the events of one order as they come.
import { request } from 'node:http';
import { until } from '../stage/http.mjs';
import { checkHead } from './contract.mjs';

export class EventStream {
  // Waits for the head of the answer.
  static open(order, { lastEventId, headers = order.headers } = {}) {
    const stream = new EventStream();
    const wanted = { Accept: 'text/event-stream', ...headers };
    if (lastEventId !== undefined) wanted['Last-Event-ID'] = String(lastEventId);
    return new Promise((resolve, reject) => {
      stream.request = request(`${order.shop.stage.shopUrl}/v1/orders/${order.no}/stream`, { headers: wanted, agent: false });
      stream.request.on('error', reject);
      stream.request.on('response', (response) => {
        stream.read(response);
        try {
          if (stream.status === 200) checkHead('GET', stream.request.path, stream);
          resolve(stream);
        } catch (cause) {
          reject(cause);
        }
      });
      stream.request.end();
    });
  }

  constructor() {
    this.events = [];
    this.comments = 0;
    this.ended = false;
    this.wellEnded = false;
    this.rest = '';
  }

  read(response) {
    this.status = response.statusCode;
    this.headers = response.headers;
    response.setEncoding('utf8');
    response.on('data', (text) => this.take(text));
    response.on('end', () => Object.assign(this, { ended: true, wellEnded: response.complete }));
    response.on('error', () => {});
    response.on('close', () => (this.ended = true));
    this.request.on('error', () => (this.ended = true));
  }

  take(text) {
    const blocks = (this.rest + text).split('\n\n');
    this.rest = blocks.pop();
    for (const block of blocks) {
      const fields = {};
      for (const line of block.split('\n')) {
        const colon = line.indexOf(':');
        if (colon === 0) ++this.comments;
        else fields[line.slice(0, colon)] = line.slice(colon + 1).replace(/^ /, '');
      }
      if (fields.data !== undefined) this.events.push({ ...fields, order: JSON.parse(fields.data) });
    }
  }

  get last() {
    return this.events.at(-1);
  }

  until(what, holds, withinMs = 30_000) {
    const seen = () => `\n${JSON.stringify(this.events, null, 1).slice(-4_000)}`;
    return until(what, () => holds(this), { withinMs, seen });
  }

  close() {
    this.request.destroy();
  }
}
