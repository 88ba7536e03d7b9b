// Measures whole orders on a fresh shop beside hand-written SQL on PostgreSQL, one after the other on the same machine.
// Everything lives in a temporary directory and is gone afterwards. Builds nothing; ./dev bench does.
//
// Settings by environment: DAOZHANG_BIN (build/release/bin), BENCH_BASELINE_SECONDS (12; 0 leaves the baseline out),
// BENCH_ORDERS (20000), BENCH_PAY_LINKS (5000). Arguments go to daozhang-hammer: --json, --connections N, …
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { hammerProgram } from '../../tests/stage/programs.mjs';
import { Stage } from '../../tests/stage/stage.mjs';

const baselineScript = fileURLToPath(new URL('baseline', import.meta.url));
const say = (words) => console.error(`==> ${words}`);
const settingOf = (name, standard) => Number(process.env[name] || standard);
const baselineSeconds = settingOf('BENCH_BASELINE_SECONDS', 12);
const orders = settingOf('BENCH_ORDERS', 20_000);
const payLinks = settingOf('BENCH_PAY_LINKS', 5_000);
const secretsToSpare = 1_000;

async function runBaseline() {
  if (baselineSeconds === 0) return 0;
  say(`Hand-written SQL on PostgreSQL 15 for ${baselineSeconds} s`);
  const child = spawn(baselineScript, [String(baselineSeconds)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (output += text));
  const [status] = await once(child, 'close');
  assert.ok(status === 0 && Number(output) > 0, 'the baseline made no order');
  return Number(output);
}

async function runHammer(stage, baseline) {
  const args = ['--directory', stage.directory, '--port', stage.ports.shop, '--orders', orders];
  args.push('--pay-links', payLinks, '--baseline', baseline, ...process.argv.slice(2));
  const hammer = spawn(hammerProgram, args.map(String), { stdio: ['ignore', 'inherit', 'inherit'] });
  const [status] = await once(hammer, 'exit');
  assert.equal(status, 0, `the load did not come to its end\n${stage.log('serve').slice(-2_000)}`);
}

const baseline = await runBaseline();
say(`A fresh shop with secrets for ${orders} orders`);
const codes = Array.from({ length: orders + payLinks + secretsToSpare }, () => randomBytes(16).toString('hex'));
const stage = await Stage.open({
  catalog: process.env.DAOZHANG_CATALOG,
  secrets: { 'steam-card-50': codes },
  withSandbox: false,
});
try {
  await runHammer(stage, baseline);
  say('Checking what was stored');
  await stage.stopAndCheck();
} finally {
  await stage.close();
}
