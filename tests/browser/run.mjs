// Starts a shop and a sandbox of its own, runs every browser test against them, and stops both:
//   node run.mjs --daozhang PROGRAM --sandbox PROGRAM [TEST FILE...]
// The catalog is the demo's and one top-up more, which is promised within seconds, so that a deadline can be watched.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = fileURLToPath(new URL('../..', import.meta.url));
const shortPromiseSeconds = 20;
const readyWithinMs = 30_000;
const { values: programs, positionals } = parseArgs({
  options: { daozhang: { type: 'string' }, sandbox: { type: 'string' } },
  allowPositionals: true,
});

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

function writeCatalog(file) {
  const catalog = JSON.parse(readFileSync(join(root, 'apps/daozhang/demo/catalog.json'), 'utf8'));
  const topup = catalog.products.find(({ kind, target }) => kind === 'topup' && target[0].kind === 'phone');
  const name = { 'zh-CN': `${topup.name['zh-CN']}（急）`, en: `${topup.name.en}, express` };
  catalog.products.push({ ...topup, sku: `${topup.sku}-fast`, name, promise_seconds: shortPromiseSeconds });
  writeFileSync(file, JSON.stringify(catalog));
}

function start(directory, name, program, args) {
  const log = openSync(join(directory, `${name}.log`), 'w');
  return spawn(program, args, { stdio: ['ignore', log, log], cwd: root });
}

async function waitUntilReady(name, child, url, directory) {
  const end = Date.now() + readyWithinMs;
  while (Date.now() < end && child.exitCode === null) {
    const answer = await fetch(url).catch(() => null);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${name} was not ready:\n${readFileSync(join(directory, `${name}.log`), 'utf8').slice(-4_000)}`);
}

async function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await once(child, 'exit');
  clearTimeout(late);
}

async function runTests(env) {
  const files = positionals.length > 0 ? positionals : readdirSync(here).filter((name) => name.endsWith('.test.mjs'));
  const child = spawn(process.execPath, ['--test', '--test-concurrency=1', ...files], {
    cwd: here,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  const [status] = await once(child, 'exit');
  return status ?? 1;
}

const directory = mkdtempSync(join(tmpdir(), 'daozhang-browser-'));
const children = [];
let status = 1;
try {
  const [shop, admin, sandbox] = [await freePort(), await freePort(), await freePort()];
  writeCatalog(join(directory, 'wanted_catalog.json'));
  const made = spawnSync(
    programs.daozhang,
    ['init', '--directory', directory, '--demo', '--catalog', join(directory, 'wanted_catalog.json')].concat(
      ['--web-root', join(root, 'web/storefront/dist')],
      ['--port', shop, '--admin-port', admin, '--sandbox-port', sandbox].map(String),
    ),
    { cwd: root, encoding: 'utf8' },
  );
  if (made.status !== 0) throw new Error(`init failed: ${made.stdout}${made.stderr}`);
  children.push(start(directory, 'sandbox', programs.sandbox, ['serve', '--config', join(directory, 'sandbox.toml')]));
  children.push(start(directory, 'serve', programs.daozhang, ['serve', '--config', join(directory, 'daozhang.toml')]));
  await waitUntilReady('sandbox', children[0], `http://127.0.0.1:${sandbox}/sandbox/v1/faults`, directory);
  await waitUntilReady('serve', children[1], `http://127.0.0.1:${admin}/readyz`, directory);
  status = await runTests({ SHOP_URL: `http://127.0.0.1:${shop}`, SANDBOX_URL: `http://127.0.0.1:${sandbox}` });
  if (status !== 0) console.error(readFileSync(join(directory, 'serve.log'), 'utf8').slice(-8_000));
} catch (cause) {
  console.error(cause);
} finally {
  for (const child of children) await stop(child);
  rmSync(directory, { recursive: true, force: true });
}
process.exit(status);
