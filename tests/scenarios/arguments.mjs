// What daozhang-sim is asked for it obeys or refuses with a reason, and its status says how it ended:
// 0 all is well, 1 something broke or was not met, 2 it can not, 3 a replay does not fail any more.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

const program = process.env.DAOZHANG_SIM;
const folder = mkdtempSync(join(tmpdir(), 'daozhang-sim-'));
after(() => rmSync(folder, { recursive: true }));

function file(name, text) {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

function sim(...args) {
  const { status, signal, stdout, stderr } = spawnSync(program, [...args, '--json'], { encoding: 'utf8' });
  assert.equal(signal, null, stderr);
  const line = stdout.trim().split('\n').at(-1);
  return { status, words: stderr, report: line.startsWith('{') ? JSON.parse(line) : undefined };
}

function refuses(reason, ...args) {
  const { status, words, report } = sim(...args);
  assert.equal(status, 2, `${args.join(' ')}: ${words}`);
  assert.match(words, reason);
  assert.equal(report, undefined, 'it played all the same');
}

test('numbers that make no campaign are refused', () => {
  for (const orders of ['0', '-5', 'many']) refuses(/--orders/, '--orders', orders);
  for (const runs of ['0', '-3']) refuses(/--runs/, '--runs', runs);
  refuses(/--shorten/, '--shorten', '-1');
  refuses(/--jobs/, '--jobs', '0');
});

test('what contradicts itself is refused', () => {
  const scenario = file('one.txt', 'seed 1\n');
  for (const option of ['--seed', '--orders', '--runs']) {
    refuses(/excludes/, '--scenario', scenario, option, '3');
    refuses(/excludes/, '--replay', scenario, option, '3');
  }
  refuses(/excludes/, '--orders', '10', '--runs', '2');
  refuses(/excludes/, '--scenario', scenario, '--require-rare');
  refuses(/excludes/, '--scenario', scenario, '--replay', scenario);
});

test('a file that can not be played is refused', () => {
  for (const option of ['--replay', '--scenario']) {
    refuses(/directory/i, option, folder);
    refuses(/does not exist/, option, join(folder, 'nothing.txt'));
    refuses(/bad.txt:2: `kinds` is not a name/, option, file('bad.txt', 'seed 1\nexpect kinds\n'));
  }
  refuses(/several nodes/, '--store', 'sqlite', '--scenario', file('nodes.txt', 'seed 1\nnodes 3\n'));
});

test('a folder into which nothing can be written is refused before anything is played', () => {
  refuses(/--keep .*: no file can be written there/, '--orders', '1', '--keep', join(file('file', ''), 'below'));
});

test('the store of the command line is that of the scenario', () => {
  const scenario = file('two.txt', 'seeds 1..2\n');
  assert.equal(sim('--scenario', scenario).report.store, 'memory');
  const over = sim('--scenario', scenario, '--store', 'sqlite');
  assert.equal(over.status, 0);
  assert.equal(over.report.store, 'sqlite');
});

test('runs and scenarios are played by as many processes as are asked for, to the same end', () => {
  const alone = sim('--seed', '5', '--runs', '6').report;
  const together = sim('--seed', '5', '--runs', '6', '--jobs', '3').report;
  assert.equal(together.jobs, 3);
  assert.equal(together.runs, 6);
  assert.equal(together.trace, alone.trace);
});

test('a replay that does not fail any more says so, and which of its strikes nothing asked for', () => {
  const replay = file('mended.txt', '# violated S9: mended since\nseed 1\nfamily plain\nstrike pay_late 1\nstrike call_lost 900000\n');
  const { status, words } = sim('--replay', replay);
  assert.equal(status, 3);
  assert.match(words, /it does not fail any more: .*mended\.txt/);
  assert.match(words, /never asked for: strike call_lost 900000/);
  assert.doesNotMatch(words, /never asked for: strike pay_late 1\b/);
});

test('a schedule without strikes is played without any fault', () => {
  const { report } = sim('--scenario', file('none.txt', 'seed 1\nfamily double_everything\nstrike none\n'));
  assert.equal(report.faults, 0);
  assert.ok(report.orders > 0);
});

test('a campaign that does not meet all that it must fails when that is required, and names it', () => {
  assert.equal(sim('--runs', '1').status, 0);
  const { status, words, report } = sim('--runs', '1', '--require-rare');
  assert.equal(status, 1);
  assert.match(words, /^never reached: /m);
  assert.match(words, /^never taken: /m);
  assert.match(words, /^never played: /m);
  assert.ok(Object.keys(report.faults_by_kind).length >= report.fault_kinds);
});

test('a rare state that a scenario expects and does not reach fails', () => {
  const { status, words } = sim('--scenario', file('expects.txt', 'seed 1\nstrike none\nexpect charged_back\n'));
  assert.equal(status, 1);
  assert.match(words, /violated expect: charged_back was never reached/);
});
