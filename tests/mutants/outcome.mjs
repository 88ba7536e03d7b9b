// What a simulator with a bug told, against what it should have found.
import { minutesPerMutant } from './patches.mjs';

export function verdict(mutant, told) {
  const found = `${told.invariant} in run ${told.runs}${told.orders ? `, order ${told.orders}` : ''}: ${told.what}`;
  if (!told.invariant) {
    if (told.signal) return { caught: false, words: `ended by ${told.signal} after at most ${minutesPerMutant} minutes` };
    return { caught: false, words: `survived ${told.runs} runs${told.marked ? '' : '; its mark was never reached'}` };
  }
  if (!told.marked) return { caught: false, words: `${found}, but its mark was not reached before` };
  if (!mutant.expects.includes(told.invariant))
    return { caught: false, words: `${found}; that is not its reason (${mutant.expects.join(' ')})` };
  if (told.invariant === 'CHECK' && !mutant.checks.some((part) => told.what.includes(part)))
    return { caught: false, words: `${found}; that is not the check of its reason (${mutant.checks.join(' ')})` };
  return { caught: true, words: found };
}

// The rows of all mutants that were ever played, each from its latest time; those of mutants that are gone go.
export function merged(before, results, mutants) {
  const rows = new Map([...before, ...results].map((row) => [row.name, row]));
  return mutants.filter(({ name }) => rows.has(name)).map(({ name }) => rows.get(name));
}
