import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatCountdown, formatDeadline, formatMoney, formatPayBy, splitDuration } from '../src/format';
import { makeIdempotencyKey } from '../src/idempotency_key';

test('minor units become the sum that they are', () => {
  assert.equal(formatMoney(990, 'CNY', 'zh-CN'), '¥9.90');
  assert.equal(formatMoney(1, 'CNY', 'zh-CN'), '¥0.01');
  assert.equal(formatMoney(123_456_789, 'CNY', 'en'), '¥1,234,567.89');
  assert.equal(formatMoney(500, 'JPY', 'en'), '¥500');
});

test('a time to pay by is never shown later than it counts', () => {
  const now = new Date(2026, 10, 22, 21, 0, 0);
  assert.equal(formatPayBy(new Date(2026, 10, 22, 21, 15, 59).toISOString(), 'zh-CN', now), '21:15');
  assert.equal(formatPayBy(new Date(2026, 10, 22, 21, 9, 59).toISOString(), 'zh-CN', now), '21:09:59');
});

test('a deadline is never shown earlier than it is promised', () => {
  const now = new Date(2026, 10, 22, 21, 0, 0);
  assert.equal(formatDeadline(new Date(2026, 10, 22, 21, 15, 0, 1).toISOString(), 'zh-CN', now), '21:16');
  assert.equal(formatDeadline(new Date(2026, 10, 22, 21, 16, 0, 0).toISOString(), 'zh-CN', now), '21:16');
  assert.equal(formatDeadline(new Date(2026, 10, 22, 21, 9, 59).toISOString(), 'zh-CN', now), '21:09:59');
  assert.match(formatDeadline(new Date(2026, 10, 23, 0, 1).toISOString(), 'zh-CN', now), /11月23日.*00:01/);
});

test('a countdown ends at zero', () => {
  assert.equal(formatCountdown(899_001), '15:00');
  assert.equal(formatCountdown(59_000), '0:59');
  assert.equal(formatCountdown(7_199_000), '1:59:59');
  assert.equal(formatCountdown(-5), '0:00');
});

test('durations are said in the largest unit that is exact', () => {
  assert.deepEqual(splitDuration(60), { count: 60, unit: 'seconds' });
  assert.deepEqual(splitDuration(1_800), { count: 30, unit: 'minutes' });
  assert.deepEqual(splitDuration(7_200), { count: 2, unit: 'hours' });
  assert.deepEqual(splitDuration(86_400), { count: 24, unit: 'hours' });
});

test('an idempotency key has the form that the shop wants, and is never the same', () => {
  const keys = Array.from({ length: 1_000 }, makeIdempotencyKey);
  assert.ok(keys.every((key) => /^[A-Za-z0-9_-]{32}$/.test(key)));
  assert.equal(new Set(keys).size, keys.length);
});
