import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createShopClient, ShopProblem } from '../src/client';

// A shop that gives one answer and remembers what it was asked.
function shopAnswering(status: number, body: unknown, headers: Record<string, string> = {}) {
  const asked: Request[] = [];
  const client = createShopClient({
    baseUrl: 'http://shop.example',
    language: () => 'en',
    accessCode: () => undefined,
    fetch: async (request) => {
      asked.push(request);
      return new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json', ...headers } });
    },
  });
  return { client, asked };
}

async function refusalOf(call: Promise<unknown>): Promise<ShopProblem> {
  const cause = await call.then(
    () => assert.fail('not refused'),
    (refused: unknown) => refused,
  );
  assert.ok(cause instanceof ShopProblem);
  return cause;
}

test('who sent too much does not send at once again, and learns when', async () => {
  const { client } = shopAnswering(429, { code: 'too_many_unpaid_units' }, { 'Retry-After': '90' });
  const earlier = Date.now();
  const refusal = await refusalOf(client.products());
  assert.equal(refusal.code, 'too_many_unpaid_units');
  assert.equal(refusal.retryCanHelp, false);
  assert.ok(Math.abs((refusal.retryAt?.getTime() ?? 0) - earlier - 90_000) < 5_000);
});

test('a shop that could not answer is asked again', async () => {
  const refusal = await refusalOf(shopAnswering(503, { code: 'overloaded' }).client.products());
  assert.equal(refusal.retryCanHelp, true);
  assert.equal(refusal.retryAt, null);
});

test('an order is found by its code or by its contact', async () => {
  const { client, asked } = shopAnswering(200, { order_no: 'N1', scope: 'full' });
  await client.findOrder('N1', { access_code: 'CODE' });
  await client.findOrder('N1', { contact: { email: 'a@example.com' } });
  assert.deepEqual(await Promise.all(asked.map((request) => request.json())), [
    { order_no: 'N1', access_code: 'CODE' },
    { order_no: 'N1', contact: { email: 'a@example.com' } },
  ]);
});
