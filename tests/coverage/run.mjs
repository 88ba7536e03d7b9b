// Plays the simulator in the tree that counts what runs, and says which lines and branches of the core it never took
// (docs/internals/simulator.md):
//   node run.mjs [--orders N] [--seed S] [--lines] [--json]
// The program is build/coverage's; llvm-profdata-16 and llvm-cov-16 read what it wrote.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { branchesOf, linesOf, percent, sumOf } from './counts.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const program = join(root, 'build/coverage/bin/daozhang-sim');
const profiles = join(root, 'build/coverage/profiles');
const core = ['src/domain/order', 'src/engine'];
const say = (text) => process.stderr.write(`${text}\n`);

function readArguments() {
  const { values } = parseArgs({
    options: {
      orders: { type: 'string', default: '100000' },
      seed: { type: 'string', default: '1' },
      lines: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  for (const name of ['orders', 'seed'])
    if (!/^[1-9][0-9]*$/.test(values[name])) throw new Error(`--${name} wants a number from 1`);
  return values;
}

// Counters are mapped files: what a child counted is there although it ends without a farewell. One process at a time
// plays, because two would lose each other's counts.
function play(store, orders, seed) {
  say(`==> ${orders} orders over ${store}`);
  execFileSync(program, ['--orders', String(orders), '--seed', String(seed), '--store', store, '--jobs', '1', '--json'], {
    env: { ...process.env, LLVM_PROFILE_FILE: join(profiles, `${store}%c.profraw`) },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

function readCounts() {
  const raw = readdirSync(profiles).map((name) => join(profiles, name));
  const merged = join(profiles, 'merged.profdata');
  execFileSync('llvm-profdata-16', ['merge', '-sparse', ...raw, '-o', merged], { stdio: 'inherit' });
  const json = execFileSync('llvm-cov-16', ['export', program, `-instr-profile=${merged}`, ...core.map((folder) => join(root, folder))], {
    maxBuffer: 1 << 30,
  });
  return JSON.parse(json).data[0].files.filter((file) => file.filename.endsWith('.cc'));
}

function main() {
  const options = readArguments();
  rmSync(profiles, { recursive: true, force: true });
  mkdirSync(profiles, { recursive: true });
  play('memory', Number(options.orders), options.seed);
  play('sqlite', Math.ceil(Number(options.orders) / 10), options.seed);
  const files = readCounts().map((file) => {
    const text = readFileSync(file.filename, 'utf8').split('\n');
    return { name: relative(root, file.filename), text, lines: linesOf(file, text), branches: branchesOf(file, text) };
  });
  if (files.length === 0) throw new Error('no file of the core was counted');
  const total = { lines: sumOf(files, 'lines'), branches: sumOf(files, 'branches') };
  if (options.lines)
    for (const { name, text, lines, branches } of files) {
      for (const line of lines.missed) console.log(`${name}:${line}: never run: ${text[line - 1].trim()}`);
      for (const { line, word } of branches.missed) console.log(`${name}:${line}: never ${word}: ${text[line - 1].trim()}`);
    }
  if (options.json) {
    const { lines, branches } = total;
    console.log(
      JSON.stringify({
        orders: Number(options.orders),
        files: files.length,
        lines: lines.count,
        lines_covered: lines.covered,
        lines_percent: percent(lines),
        branches: branches.count,
        branches_covered: branches.covered,
        branches_percent: percent(branches),
      }),
    );
    return;
  }
  for (const { name, lines, branches } of [...files, { name: 'the core', ...total }])
    console.log(`${name.padEnd(44)} lines ${percent(lines)} %  branches ${percent(branches)} %`);
}

try {
  main();
} catch (error) {
  say(`coverage: ${error.message}`);
  process.exitCode = 1;
}
