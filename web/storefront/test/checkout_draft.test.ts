import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { OrderRequest } from '@daozhang/shared';
import { contactOf, endCheckout, idempotencyKeyFor, isEmail, isPhone } from '../src/checkout/checkout_draft';

class MemoryStorage {
  private readonly kept = new Map<string, string>();
  getItem = (key: string): string | null => this.kept.get(key) ?? null;
  setItem = (key: string, value: string): void => void this.kept.set(key, value);
  removeItem = (key: string): void => void this.kept.delete(key);
}

const request: OrderRequest = {
  sku: 'phone-50',
  quantity: 1,
  target: { phone: '13812345678' },
  contact: { email: 'a@example.com' },
  channel: 'alipay',
};

beforeEach(() => {
  Object.defineProperty(globalThis, 'sessionStorage', { value: new MemoryStorage(), configurable: true });
});

test('the same request keeps its key after a double click or a reload', () => {
  const first = idempotencyKeyFor(request);
  assert.equal(idempotencyKeyFor({ ...request, target: { ...request.target } }), first);
});

test('another request, or one after the order was placed, gets another key', () => {
  const first = idempotencyKeyFor(request);
  const changed = idempotencyKeyFor({ ...request, quantity: 2 });
  assert.notEqual(changed, first);
  endCheckout(request.sku);
  assert.notEqual(idempotencyKeyFor({ ...request, quantity: 2 }), changed);
});

test('one contact field takes both kinds', () => {
  assert.deepEqual(contactOf(' a@example.com '), { email: 'a@example.com' });
  assert.deepEqual(contactOf('138 1234-5678'), { phone: '13812345678' });
  assert.ok(isEmail('a@example.com') && !isEmail('a@example') && !isEmail('13812345678'));
  assert.ok(isPhone('+86 138 1234 5678') && !isPhone('12') && !isPhone('+44 20 7946 0958') && !isPhone('400-800-1234') && !isPhone('a@example.com'));
});
