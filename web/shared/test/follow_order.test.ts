import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Order, ShopProblem } from '../src/client';
import { backoffMs, type Connection, OrderFollower } from '../src/follow_order';

const limits = { backoffBaseMs: 1, backoffMaxMs: 4, pollEveryMs: 1, failuresBeforePolling: 2, silenceMaxMs: 5_000 };
const order = (version: number) => ({ version }) as Order;

function streamOf(...versions: number[]): ReadableStream<Uint8Array> {
  const text = versions.map((version) => `id: ${version}\nevent: order\ndata: {"version":${version}}\n\n`).join('');
  return new Response(text).body!;
}

// Follows until `enough` says so; each connection attempt takes the next answer, the last one for ever.
function follow(
  streams: (() => Promise<ReadableStream<Uint8Array>>)[],
  polled: () => Promise<Order>,
  enough: (seen: Seen) => boolean,
): Promise<Seen> {
  return new Promise((resolve) => {
    const seen: Seen = { versions: [], modes: [], lastEventIds: [], refused: null };
    const look = () => {
      if (!enough(seen)) return;
      follower.stop();
      resolve(seen);
    };
    const follower = new OrderFollower({
      client: {
        order: polled,
        stream: (_orderNo, lastEventId) => {
          seen.lastEventIds.push(lastEventId);
          return streams[Math.min(seen.lastEventIds.length, streams.length) - 1]!();
        },
      },
      orderNo: 'A',
      random: () => 0.5,
      limits,
      onOrder: (next) => (seen.versions.push(next.version), look()),
      onConnection: (connection) => (seen.modes.push(connection.mode), look()),
      onRefused: (problem) => ((seen.refused = problem), look()),
    });
    follower.start();
  });
}
type Seen = {
  versions: number[];
  modes: Connection['mode'][];
  lastEventIds: (string | null)[];
  refused: ShopProblem | null;
};

const down = () => Promise.reject(new ShopProblem(0, {}));
const never = () => new Promise<Order>(() => undefined);

test('a stream that ends is opened again from the version last seen', async () => {
  const streams = [async () => streamOf(1, 2), async () => streamOf(3)];
  const seen = await follow(streams, never, ({ versions }) => versions.includes(3));
  assert.deepEqual(seen.versions.slice(0, 3), [1, 2, 3]);
  assert.deepEqual(seen.lastEventIds.slice(0, 2), [null, '2']);
  assert.deepEqual(seen.modes.slice(0, 4), ['connecting', 'live', 'reconnecting', 'live']);
});

test('an older version never replaces a newer one', async () => {
  const streams = [async () => streamOf(5), async () => streamOf(4, 6)];
  const seen = await follow(streams, never, ({ versions }) => versions.includes(6));
  assert.deepEqual(seen.versions.slice(0, 2), [5, 6]);
});

test('without a stream the order is asked for every few seconds, until a stream is back', async () => {
  let version = 0;
  const polled = async () => order((version += 1));
  const streams = [down, down, down, down, async () => streamOf(1_000)];
  const seen = await follow(streams, polled, ({ versions }) => versions.includes(1_000));
  assert.ok(seen.modes.includes('polling'));
  assert.equal(seen.versions.at(-1), 1_000);
  assert.ok(seen.versions[0]! < 1_000, 'polled before the stream came back');
});

test('a 404 ends it', async () => {
  const gone = () => Promise.reject(new ShopProblem(404, { code: 'order_not_found' }));
  const seen = await follow([gone], never, ({ refused }) => refused !== null);
  assert.equal(seen.refused?.code, 'order_not_found');
  assert.equal(seen.lastEventIds.length, 1);
});

test('back-off has full jitter under a bound that doubles and is limited', () => {
  const shipped = { backoffBaseMs: 1_000, backoffMaxMs: 30_000, silenceMaxMs: 0, failuresBeforePolling: 0, pollEveryMs: 0 };
  assert.equal(backoffMs(0, 0, shipped), 0);
  assert.equal(backoffMs(1, 0.5, shipped), 1_000);
  assert.equal(backoffMs(3, 0.5, shipped), 4_000);
  assert.equal(backoffMs(60, 0.5, shipped), 15_000);
});
