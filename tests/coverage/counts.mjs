// What llvm-cov's export says of one file, in lines and branches that a person would count.

export const percent = ({ covered, count }) => (count === 0 ? 100 : Math.floor((1000 * covered) / count) / 10);

export function sumOf(files, what) {
  const sum = { covered: 0, count: 0 };
  for (const file of files) {
    sum.covered += file[what].covered;
    sum.count += file[what].count;
  }
  return sum;
}

// A segment says: from this line and column on, so many times. A line has run when a region that begins in it has, or
// when none begins in it and the one around it has.
export function linesOf(file, text) {
  const counts = new Map();
  let around = null;
  let next = 0;
  const segments = file.segments.map(([line, , count, hasCount, , isGap]) => ({ line, count, counts: hasCount && !isGap }));
  const last = segments.length === 0 ? 0 : segments[segments.length - 1].line;
  for (let line = 1; line <= last; ++line) {
    const begun = [];
    const before = around;
    while (next < segments.length && segments[next].line === line) {
      around = segments[next++];
      begun.push(around);
    }
    const own = begun.filter((segment) => segment.counts);
    const all = before?.counts ? [before, ...own] : own;
    if (all.length > 0 && !isNeverMeant(line, text)) counts.set(line, Math.max(...all.map((segment) => segment.count)));
  }
  const missed = [...counts].filter(([, count]) => count === 0).map(([line]) => line);
  return { count: counts.size, covered: counts.size - missed.length, missed };
}

// Behind the last case of a switch over every enumerator stands a line that no execution can reach, and the end of it.
const isNeverMeant = (line, text) => text[line - 1].includes('UNREACHABLE()') || (text[line - 2] ?? '').includes('UNREACHABLE()');

// Each way out of a condition is one branch. None is what a CHECK would do, since that it never happens is the point; what
// the compiler decides; and no case of a switch, which has one for every enumerator.
const isNoChoice = (line, text) => /\bCHECK\(|\bif constexpr\b|^\s*switch \(/.test(text[line - 1]);

export function branchesOf(file, text) {
  const ways = new Map();
  for (const [line, column, , , yes, no] of file.branches) {
    if (isNoChoice(line, text)) continue;
    // One template or inlined copy may go one way, and another the other.
    const known = ways.get(`${line}:${column}`) ?? { line, yes: 0, no: 0 };
    ways.set(`${line}:${column}`, { line, yes: known.yes + yes, no: known.no + no });
  }
  const missed = [];
  for (const { line, yes, no } of ways.values()) {
    if (yes === 0) missed.push({ line, word: 'true' });
    if (no === 0) missed.push({ line, word: 'false' });
  }
  return { count: 2 * ways.size, covered: 2 * ways.size - missed.length, missed };
}
