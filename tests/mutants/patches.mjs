// The patch files of this folder and the list of those that wait.
import { execFile } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const here = dirname(fileURLToPath(import.meta.url));
const run = promisify(execFile);

// Within so many runs each must be found.
export const runsMax = 2000;

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
    expects: field('expects').split(/\s+/).filter(Boolean),
    files: [...text.matchAll(/^\+\+\+ b\/(\S+)/gm)].map((match) => match[1]),
    isMarked: added.some((line) => line.includes('base::mark()')),
  };
}

export function readMutants() {
  return readdirSync(here).filter((file) => file.endsWith('.patch')).sort().map(readMutant);
}

// Lines `capability: bug`; what stands before the colon is what must exist first.
export function readWaiting() {
  const lines = readFileSync(join(here, 'waiting.txt'), 'utf8').split('\n');
  return lines
    .filter((line) => line && !line.startsWith('#'))
    .map((line) => ({ capability: line.slice(0, line.indexOf(':')), bug: line.slice(line.indexOf(':') + 1).trim() }));
}

async function problemOf(mutant, root) {
  if (!/^\d{2,3}_[a-z0-9_]+$/.test(mutant.name)) return 'is not called NN_name.patch, or NNN_name.patch';
  if (!mutant.bug || mutant.expects.length === 0) return 'has no line `bug: ...` or no line `expects: ...` before its diff';
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
  for (const mutant of mutants) {
    const problem = await problemOf(mutant, root);
    if (problem) problems.push(`tests/mutants/${mutant.name}.patch ${problem}`);
    const number = parseInt(mutant.name, 10);
    if (numbers.has(number)) problems.push(`tests/mutants/${mutant.name}.patch has a number that is taken`);
    numbers.add(number);
  }
  if (problems.length > 0) throw new Error(problems.join('\n'));
}
