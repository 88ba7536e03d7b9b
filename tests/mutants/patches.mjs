// The patch files of this folder and the list of those that wait.
import { execFile } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const here = dirname(fileURLToPath(import.meta.url));
const run = promisify(execFile);

// Within so many runs each must be found.
export const runsMax = 2000;
export const minutesPerMutant = 15;

// What stands for an invariant when the process of a run ended: at a check of its own, or by a signal.
const deaths = ['CHECK', 'signal'];

const words = (text) => text.split(/\s+/).filter(Boolean);
const numberOf = (name) => name.slice(0, name.indexOf('_'));

// Its name with the number or without.
export const isCalled = (mutant, name) => mutant.name === name || mutant.name.slice(mutant.name.indexOf('_') + 1) === name;

function* sourcesBelow(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* sourcesBelow(path);
    else if (extname(path) === '.cc' && !path.endsWith('_test.cc')) yield path;
  }
}

// The names that the checkers and fsck's rules can say.
export function readInvariants(root) {
  const names = new Set(deaths);
  const said = /"([SLF]\d+)"|violated\(\s*"(\w+)"|^\s*\{"(\w+)",/gm;
  for (const folder of ['checkers', 'peers', 'model', 'world'].map((name) => `sim/${name}`).concat('audit'))
    for (const path of sourcesBelow(join(root, 'src', folder)))
      if (!path.endsWith('fault_numbers.cc'))
        for (const found of readFileSync(path, 'utf8').matchAll(said)) names.add(found[1] ?? found[2] ?? found[3]);
  return names;
}

function readMutant(file) {
  const path = join(here, file);
  const text = readFileSync(path, 'utf8');
  const head = text.slice(0, text.search(/^--- /m));
  const field = (name) => head.match(new RegExp(`^${name}: (.+)$`, 'm'))?.[1].trim() ?? '';
  const added = text.split('\n').filter((line) => line.startsWith('+') && !line.startsWith('+++'));
  return {
    name: file.replace(/\.patch$/, ''),
    path,
    bug: field('bug'),
    store: field('store') || 'memory',
    expects: words(field('expects')),
    checks: words(field('check')),
    files: [...text.matchAll(/^\+\+\+ b\/(\S+)/gm)].map((match) => match[1]),
    isMarked: added.some((line) => line.includes('base::mark()')),
  };
}

export function readMutants() {
  return readdirSync(here).filter((file) => file.endsWith('.patch')).map(readMutant)
    .sort((a, b) => numberOf(a.name) - numberOf(b.name) || (a.name < b.name ? -1 : 1));
}

// Lines `capability: bug`; what stands before the colon is what must exist first.
export function readWaiting() {
  const lines = readFileSync(join(here, 'waiting.txt'), 'utf8').split('\n');
  return lines
    .filter((line) => line && !line.startsWith('#'))
    .map((line) => ({ capability: line.slice(0, line.indexOf(':')), bug: line.slice(line.indexOf(':') + 1).trim() }));
}

async function problemOf(mutant, root, invariants) {
  if (!/^\d{2,3}_[a-z0-9_]+$/.test(mutant.name)) return 'is not called NN_name.patch or NNN_name.patch';
  if (!mutant.bug || mutant.expects.length === 0) return 'has no line `bug: ...` or no line `expects: ...` before its diff';
  const unknown = mutant.expects.find((name) => !invariants.has(name));
  if (unknown) return `expects ${unknown}, which no checker says; known are ${[...invariants].sort().join(' ')}`;
  if (mutant.expects.includes('CHECK') !== mutant.checks.length > 0)
    return 'must have a line `check: PART...` if it expects CHECK and else none: parts of the text or the file of that check';
  if (!mutant.isMarked) return 'sets no mark: add base::mark(); where the broken code differs';
  const foreign = mutant.files.find((file) => !/^src\/.*\.cc$/.test(file));
  if (mutant.files.length === 0 || foreign) return `changes ${foreign ?? 'nothing'}; it may change sources (.cc) of src/ only`;
  return run('patch', ['-p1', '--dry-run', '--fuzz=0', '--batch', '--directory', root, '--input', mutant.path]).then(
    () => '',
    (error) => `no longer applies; make it anew against the code as it is:\n${error.stdout}`,
  );
}

// Refuses a set of which one is not sound, naming each.
export async function checkAll(mutants, root) {
  const problems = [];
  const numbers = new Set();
  const invariants = readInvariants(root);
  for (const mutant of mutants) {
    const problem = await problemOf(mutant, root, invariants);
    if (problem) problems.push(`tests/mutants/${mutant.name}.patch ${problem}`);
    const number = Number(numberOf(mutant.name));
    if (numbers.has(number)) problems.push(`tests/mutants/${mutant.name}.patch has a number that is taken`);
    numbers.add(number);
  }
  if (problems.length > 0) throw new Error(problems.join('\n'));
}
