#!/usr/bin/env node
// Builds the simulator with one bug at a time and demands that it is found, for its stated reason. A mutant is a patch file
// of this folder. Only what it changes is copied, patched and compiled, under build/mutants; its objects are linked before
// the libraries of the ordinary build tree, which therefore yield everything else. The real tree is never touched.
import { execFile, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { checkAll, readMutants, readWaiting, runsMax } from './patches.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const buildTree = process.env.DAOZHANG_BUILD ?? join(root, 'build/release');
const workspace = join(root, 'build/mutants');
const minutesPerMutant = 15;
const run = promisify(execFile);
const say = (text) => process.stderr.write(`${text}\n`);
const quoted = (path) => `'${path.replaceAll("'", "'\\''")}'`;
const inShell = (command) => run('sh', ['-c', command], { cwd: buildTree, maxBuffer: 1 << 26 });

function readArguments(words) {
  const options = { json: false, check: false, only: [], rotation: 0, seed: 1 };
  for (let i = 0; i < words.length; ++i) {
    if (words[i] === '--json') options.json = true;
    else if (words[i] === '--check') options.check = true;
    else if (words[i] === '--rotation') options.rotation = Number(words[++i]);
    else if (words[i] === '--seed') options.seed = Number(words[++i]);
    else if (words[i] === '--only') while (i + 1 < words.length && !words[i + 1].startsWith('--')) options.only.push(words[++i]);
    else throw new Error(`unknown argument ${words[i]}; known are --json, --check, --only NAME..., --rotation K, --seed N`);
  }
  if (!Number.isInteger(options.rotation) || options.rotation < 0) throw new Error('--rotation wants a number of mutants');
  if (!Number.isInteger(options.seed) || options.seed < 1) throw new Error('--seed wants the first seed, from 1');
  return options;
}

// Today's K: the whole list comes round in mutants / K days.
function choose(mutants, { only, rotation }) {
  if (only.length > 0) {
    const wanted = (mutant) => only.some((name) => mutant.name === name || mutant.name.replace(/^\d+_/, '') === name);
    const chosen = mutants.filter(wanted);
    if (chosen.length < only.length) throw new Error(`--only ${only.join(' ')} names ${chosen.length} mutants of tests/mutants`);
    return chosen;
  }
  if (rotation === 0) return mutants;
  const day = Math.floor(Date.now() / 86_400_000);
  const count = Math.min(rotation, mutants.length);
  const chosen = Array.from({ length: count }, (_, i) => mutants[(day * count + i) % mutants.length]);
  say(`of day ${day}: ./dev sim --mutants --only ${chosen.map((mutant) => mutant.name).join(' ')}`);
  return chosen;
}

// How the build tree compiles a source, and how it links the simulator.
async function buildCommands() {
  const database = join(buildTree, 'compile_commands.json');
  if (!existsSync(database)) throw new Error(`${buildTree} is not configured: cmake --preset release`);
  const compile = new Map();
  for (const entry of JSON.parse(readFileSync(database, 'utf8')))
    if (!compile.has(entry.file)) compile.set(entry.file, entry.command);
  const { stdout } = await run('ninja', ['-C', buildTree, '-t', 'commands', 'daozhang-sim'], { maxBuffer: 1 << 26 });
  const link = stdout.trim().split('\n').at(-1);
  if (!link.includes(' -o bin/daozhang-sim ')) throw new Error(`the last command for daozhang-sim does not link it: ${link}`);
  const ccache = await run('ccache', ['--version']).then(() => 'ccache ', () => '');
  return { compile, link, ccache };
}

async function build(mutant, commands) {
  const folder = join(workspace, mutant.name);
  rmSync(folder, { recursive: true, force: true });
  for (const file of mutant.files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(root, file), join(folder, file));
  }
  await run('patch', ['-p1', '--fuzz=0', '--batch', '--silent', '--directory', folder, '--input', mutant.path]);
  const objects = [];
  for (const file of mutant.files) {
    const original = commands.compile.get(join(root, file));
    if (!original) throw new Error(`${file} is not compiled in ${buildTree}`);
    const object = join(folder, `${file}.o`);
    const command = original
      .replace(/ -o \S+ -c .*$/, ` -w -include base/mark.h -o ${quoted(object)} -c ${quoted(join(folder, file))}`);
    await inShell(commands.ccache + command);
    objects.push(quoted(object));
  }
  const program = join(folder, 'daozhang-sim');
  await inShell(commands.link.replace(' -o bin/daozhang-sim ', ` ${objects.join(' ')} -o ${quoted(program)} `));
  return program;
}

// What a simulator told: the run and the order in which something broke, if anything did.
function play(program, firstSeed, runs, store = 'memory') {
  return new Promise((resolve) => {
    const settings = ['--seed', String(firstSeed), '--runs', String(runs), '--without-model', '--shorten', '0', '--json', '--store', store];
    const child = spawn(program, settings, { stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    let words = '';
    const limit = setTimeout(() => child.kill('SIGKILL'), minutesPerMutant * 60_000);
    child.stdout.on('data', (chunk) => (out += chunk));
    child.stderr.on('data', (chunk) => (words = (words + chunk).slice(-(1 << 26))));
    child.on('close', (code, signal) => {
      clearTimeout(limit);
      const report = out.trim() ? JSON.parse(out.trim().split('\n').at(-1)) : {};
      const violated = words.match(/^violated ([^:\s]+): (.*)$/m);
      const aborted = words.match(/^aborted in seed (\d+)$/m);
      const checked = words.match(/^(.*(?:CHECK failed:|Assertion).*)$/m);
      resolve({
        code,
        signal,
        invariant: violated?.[1] ?? (aborted ? 'CHECK' : ''),
        what: violated?.[2] ?? checked?.[1] ?? '',
        runs: report.runs ?? (aborted ? Number(aborted[1]) - firstSeed + 1 : 0),
        orders: report.orders ?? 0,
        marked: /^the mark was passed$/m.test(words),
      });
    });
  });
}

function verdict(mutant, told) {
  const found = `${told.invariant} in run ${told.runs}${told.orders ? `, order ${told.orders}` : ''}: ${told.what}`;
  if (!told.invariant) {
    if (told.signal) return { caught: false, words: `ended by ${told.signal} after at most ${minutesPerMutant} minutes` };
    return { caught: false, words: `survived ${told.runs} runs${told.marked ? '' : '; its mark was never reached'}` };
  }
  if (!told.marked) return { caught: false, words: `${found}, but its mark was not reached before` };
  if (!mutant.expects.includes(told.invariant))
    return { caught: false, words: `${found}; that is not its reason (${mutant.expects.join(' ')})` };
  return { caught: true, words: found };
}

async function tryMutant(mutant, commands, firstSeed) {
  const began = Date.now();
  try {
    const program = await build(mutant, commands);
    const built = Date.now();
    const told = await play(program, firstSeed, runsMax, mutant.store);
    const { caught, words } = verdict(mutant, told);
    if (caught) rmSync(program);
    const seconds = (from, to) => ((to - from) / 1000).toFixed(1);
    say(`${caught ? 'caught    ' : 'NOT CAUGHT'} ${mutant.name}: ${words} [build ${seconds(began, built)} s, play ${seconds(built, Date.now())} s]`);
    return { name: mutant.name, caught, ...told };
  } catch (error) {
    say(`NOT CAUGHT ${mutant.name}: ${error.stderr || error.stdout || error.message}`);
    return { name: mutant.name, caught: false, runs: 0, what: String(error.message) };
  }
}

async function inParallel(items, work) {
  const results = new Array(items.length);
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const index = next++;
      results[index] = await work(items[index]);
    }
  };
  const workers = Number(process.env.JOBS ?? Math.min(2, cpus().length));
  await Promise.all(Array.from({ length: workers }, worker));
  return results;
}

// The same seeds without any mutant; whatever breaks then is a bug of the shop.
async function playClean(firstSeed, runs, store) {
  const half = Math.ceil(runs / 2);
  const parts = [[firstSeed, half], [firstSeed + half, runs - half]].filter(([, count]) => count > 0);
  const told = await inParallel(parts, ([seed, count]) => play(join(buildTree, 'bin/daozhang-sim'), seed, count, store));
  const broken = told.filter((each) => each.code !== 0);
  for (const each of broken)
    say(`WITHOUT A MUTANT: ${each.invariant || each.signal} after ${each.runs} runs: ${each.what}; see ./dev sim --store ${store} --seed ${firstSeed} --runs ${runs}`);
  if (broken.length === 0) say(`clean      without a mutant: ${runs} runs over ${store}`);
  return broken.length === 0;
}

function tellWaiting(waiting) {
  say(`\n${waiting.length} more wait for a capability that the shop or the simulator does not have yet:`);
  for (const { capability, bug } of waiting) say(`  ${capability}: ${bug}`);
}

async function main() {
  const options = readArguments(process.argv.slice(2));
  const mutants = readMutants(root);
  const waiting = readWaiting();
  await checkAll(mutants, root);
  if (options.check) return say(`${mutants.length} mutants apply`);
  const chosen = choose(mutants, options);
  const commands = await buildCommands();
  mkdirSync(workspace, { recursive: true });
  const results = await inParallel(chosen, (mutant) => tryMutant(mutant, commands, options.seed));
  let clean = true;
  for (const store of new Set(chosen.map((mutant) => mutant.store))) {
    const runs = results.filter((_, i) => chosen[i].store === store).map((result) => result.runs);
    clean = (await playClean(options.seed, Math.max(...runs, 1), store)) && clean;
  }
  writeFileSync(join(workspace, 'results.json'), `${JSON.stringify(results, null, 1)}\n`);
  const caught = results.filter((result) => result.caught).length;
  if (!options.json) tellWaiting(waiting);
  say(`${caught} of ${chosen.length} mutants caught; each run is in ${relative(root, join(workspace, 'results.json'))}`);
  console.log(JSON.stringify({ mutants: chosen.length, caught, waiting: waiting.length, clean }));
  if (caught < chosen.length || !clean) process.exitCode = 1;
}

main().catch((error) => {
  say(error.message);
  process.exitCode = 1;
});
