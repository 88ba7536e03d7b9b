// What makes a mutant sound, and when it counts as caught.
import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { merged, verdict } from './outcome.mjs';
import { checkAll, isCalled, readInvariants, readMutants } from './patches.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const sound = readMutants().find(({ expects }) => !expects.includes('CHECK'));
const check = (...mutants) => checkAll(mutants, root);

test('the names of invariants are those that the checkers and fsck say', () => {
  const names = readInvariants(root);
  for (const name of ['S1', 'S9', 'S25', 'L1', 'F18', 'model', 'outbox', 'fees', 'integrity', 'CHECK', 'signal'])
    assert.ok(names.has(name), name);
  for (const name of ['S99', 'expect', 'F999']) assert.ok(!names.has(name), name);
});

test('a mutant that expects what nobody can say is refused', async () => {
  await check(sound);
  await assert.rejects(check({ ...sound, expects: ['S9', 'S99'] }), /expects S99, which no checker says/);
});

test('whoever expects a CHECK says which', async () => {
  await assert.rejects(check({ ...sound, expects: ['CHECK'], checks: [] }), /must have a line `check: PART/);
  await assert.rejects(check({ ...sound, checks: ['refunds.cc'] }), /must have a line `check: PART/);
  await check({ ...sound, expects: ['CHECK'], checks: ['refunds.cc'] });
});

test('numbers have two or three digits and are taken once', async () => {
  await check({ ...sound, name: '101_of_three_digits' });
  await assert.rejects(check({ ...sound, name: '1_of_one' }), /is not called/);
  await assert.rejects(check({ ...sound, name: '07_one' }, { ...sound, name: '007_other' }), /a number that is taken/);
  assert.ok(isCalled({ name: '101_three_digits' }, 'three_digits') && isCalled({ name: '07_two' }, '07_two'));
});

test('a mutant is caught for its reason only, and at its own check only', () => {
  const mutant = { expects: ['S9', 'CHECK'], checks: ['order/refunds.cc', 'left == 0'] };
  const told = { invariant: 'S9', what: 'given back twice', runs: 3, orders: 200, marked: true };
  const isCaught = (change) => verdict(mutant, { ...told, ...change }).caught;
  assert.ok(isCaught({}));
  assert.ok(!isCaught({ invariant: 'S10' }));
  assert.ok(!isCaught({ marked: false }));
  assert.ok(!isCaught({ invariant: '' }));
  assert.ok(isCaught({ invariant: 'CHECK', what: '../src/domain/order/refunds.cc:51: CHECK failed: x' }));
  assert.ok(isCaught({ invariant: 'CHECK', what: 'CHECK failed: left == 0 || y' }));
  assert.ok(!isCaught({ invariant: 'CHECK', what: '../src/engine/batch.cc:9: CHECK failed: z' }));
});

test('the outcome of one mutant leaves the others as they were', () => {
  const mutants = [{ name: '01_a' }, { name: '02_b' }, { name: '03_c' }];
  const before = [{ name: '01_a', runs: 1 }, { name: '02_b', runs: 2 }, { name: '99_gone', runs: 9 }];
  assert.deepEqual(merged(before, [{ name: '02_b', runs: 7 }], mutants),
    [{ name: '01_a', runs: 1 }, { name: '02_b', runs: 7 }]);
});
