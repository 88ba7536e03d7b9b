import assert from 'node:assert/strict';
import { test } from 'node:test';
import { branchesOf, linesOf, percent } from './counts.mjs';

// As llvm-cov writes them: line, column, count, whether it counts, whether a region begins, whether it is a gap.
const segment = (line, column, count, isGap = false) => [line, column, count, true, true, isGap];
const end = (line, column) => [line, column, 0, false, false, false];

test('a line has run when a region that begins in it has, or the one around it', () => {
  const text = ['int f(int x) {', '  if (x > 0)', '    return 1;', '  return 2;', '}'];
  const file = { segments: [segment(1, 14, 5), segment(2, 12, 0, true), segment(3, 5, 0), segment(4, 3, 5), end(5, 2)] };
  assert.deepEqual(linesOf(file, text), { count: 5, covered: 4, missed: [3] });
});

test('what lies between regions, or behind the last, is no line of code', () => {
  const text = ['void f() {', '}', '', '// a comment', 'void g() {', '}'];
  const file = { segments: [segment(1, 10, 1), end(2, 2), segment(5, 10, 0), end(6, 2)] };
  assert.deepEqual(linesOf(file, text), { count: 4, covered: 2, missed: [5, 6] });
});

test('the end of a switch over every enumerator is not expected to be reached', () => {
  const text = ['int f() {', '  UNREACHABLE();', '}'];
  const file = { segments: [segment(1, 9, 3), segment(2, 3, 0), end(3, 2)] };
  assert.deepEqual(linesOf(file, text), { count: 1, covered: 1, missed: [] });
});

test('each way out of a condition is a branch, and copies of one condition are one', () => {
  const text = ['if (a &&', '    b)'];
  const branches = [
    [1, 5, 1, 6, 4, 0],
    [2, 5, 2, 6, 0, 4],
    [2, 5, 2, 6, 1, 0],
  ];
  assert.deepEqual(branchesOf({ branches }, text), { count: 4, covered: 3, missed: [{ line: 1, word: 'false' }] });
});

test('a check, a choice of the compiler and a switch are no branches', () => {
  const text = ['  CHECK(a);', '  if constexpr (b)', '  switch (c) {'];
  const branches = [1, 2, 3].map((line) => [line, 3, line, 4, 0, 0]);
  assert.deepEqual(branchesOf({ branches }, text), { count: 0, covered: 0, missed: [] });
});

test('a figure is never rounded up', () => {
  assert.equal(percent({ covered: 9999, count: 10000 }), 99.9);
  assert.equal(percent({ covered: 0, count: 0 }), 100);
});
