// The same seeds under GCC -O2 and under Clang with ASan and UBSan must end on the same trace: then
// nothing of a run depends on the compiler, on uninitialized memory or on the order of addresses.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const [released, sanitized] = process.argv.slice(2);
if (!existsSync(sanitized)) {
  console.log(`skipped: ${sanitized} is not built; the test sanitizers.address_and_undefined does that`);
  process.exit(77);
}
let failed = 0;
// Besides the first seeds one run of each wire that they do not draw: Alipay, epay, WeChat Pay, the supplier.
const plays = [
  ['memory', '--orders', '1500'],
  ['sqlite', '--orders', '400'],
  ...[32, 3, 193, 10].map((seed) => ['memory', '--runs', '1', '--seed', String(seed)]),
];
for (const [store, ...what] of plays) {
  const args = ['--store', store, ...what, '--json'];
  const [first, second] = [released, sanitized].map((program) =>
    JSON.parse(execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })));
  const same = first.trace === second.trace && first.violations === 0;
  console.log(`${store}: ${first.runs} runs, ${first.orders} orders, traces ${first.trace.slice(0, 16)} and ${second.trace.slice(0, 16)}`);
  if (!same) failed += 1;
}
process.exit(failed === 0 ? 0 : 1);
