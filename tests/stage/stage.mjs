// A shop and a sandbox of their own, in a folder of their own, on ports of their own, for one story. The programs are
// those of DAOZHANG_BIN.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { call, until } from './http.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const bin = process.env.DAOZHANG_BIN ?? join(root, 'build/release/bin');
const [shopProgram, sandboxProgram] = ['daozhang', 'daozhang-sandbox'].map((name) => join(bin, name));
const readyWithinMs = 60_000;
const stopWithinMs = 20_000;

export const skip = existsSync(shopProgram) && existsSync(sandboxProgram) ? false : `skipped: no programs in ${bin}`;

async function freePorts(count) {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}

// Never blocks: other stories run beside this one.
async function run(program, args, { input = '', timeout } = {}) {
  const child = spawn(program, args.map(String), { cwd: root, timeout });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const [status] = await once(child, 'close');
  return { status, output };
}

// A story that is cut short leaves no program and no folder behind it.
const running = new Set();
const folders = new Set();
process.on('exit', () => {
  running.forEach((child) => child.kill('SIGKILL'));
  folders.forEach((folder) => rmSync(folder, { recursive: true, force: true }));
});
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

export class Stage {
  // `products` makes what is sold besides the demo's, from the demo's by sku; `settings` and `sandboxSettings` are lists of "section.key=value".
  static async open({ products = () => [], secrets = {}, settings = [], sandboxSettings = [] } = {}) {
    const stage = new Stage();
    stage.directory = mkdtempSync(join(tmpdir(), 'daozhang-stage-'));
    folders.add(stage.directory);
    stage.settings = settings;
    stage.sandboxSettings = sandboxSettings;
    const [shop, admin, sandbox] = await freePorts(3);
    stage.shopUrl = `http://127.0.0.1:${shop}`;
    stage.adminUrl = `http://127.0.0.1:${admin}`;
    stage.sandboxUrl = `http://127.0.0.1:${sandbox}`;
    try {
      await stage.init({ shop, admin, sandbox });
      stage.sell(products);
      for (const [sku, codes] of Object.entries(secrets)) await stage.stock(sku, codes);
      await Promise.all([stage.startSandbox(), stage.startShop()]);
    } catch (cause) {
      await stage.close();
      throw cause;
    }
    return stage;
  }

  async init(ports) {
    const made = await run(shopProgram, [
      ...['init', '--directory', this.directory, '--demo', '--web-root', ''],
      ...['--port', ports.shop, '--admin-port', ports.admin, '--sandbox-port', ports.sandbox],
    ]);
    assert.equal(made.status, 0, `init failed: ${made.output}`);
  }

  sell(products) {
    const file = this.file('catalog.json');
    const catalog = JSON.parse(readFileSync(file, 'utf8'));
    catalog.products.push(...products(Object.fromEntries(catalog.products.map((product) => [product.sku, product]))));
    writeFileSync(file, JSON.stringify(catalog));
  }

  async stock(sku, codes) {
    const imported = await this.import(sku, codes, '--quiet');
    assert.equal(imported.status, 0, `import failed: ${imported.output}`);
  }

  // Also while the shop runs; → { status, output }.
  import(sku, lines, ...more) {
    const args = ['import', 'secrets', '--config', this.file('daozhang.toml'), '--sku', sku, ...more, '-'];
    return run(shopProgram, args, { input: lines.join('\n') });
  }

  // A verb of the program with this shop's settings; → { status, output }.
  command(...words) {
    return run(shopProgram, [...words, '--config', this.file('daozhang.toml')]);
  }

  file(name) {
    return join(this.directory, name);
  }

  log(name) {
    return readFileSync(this.file(`${name}.log`), 'utf8');
  }

  // Every byte that the shop and the sandbox have written, by file.
  writtenFiles() {
    return readdirSync(this.directory).map((name) => [name, readFileSync(this.file(name))]);
  }

  start(name, program, config, settings) {
    const log = openSync(this.file(`${name}.log`), 'a');
    const sets = settings.flatMap((setting) => ['--set', setting]);
    const child = spawn(program, ['serve', '--config', this.file(config), ...sets], { stdio: ['ignore', log, log], cwd: root });
    closeSync(log);
    running.add(child);
    child.once('exit', () => running.delete(child));
    return child;
  }

  async waitUntilReady(name, child, url) {
    const probe = async () => {
      assert.equal(child.exitCode, null, `${name} ended:\n${this.log(name).slice(-4_000)}`);
      const answer = await call(url).catch(() => null);
      return answer?.status === 200;
    };
    await until(`${name} is ready`, probe, { withinMs: readyWithinMs, seen: () => `\n${this.log(name).slice(-4_000)}` });
  }

  async startShop(...moreSettings) {
    this.shop = this.start('serve', shopProgram, 'daozhang.toml', [...this.settings, ...moreSettings]);
    await this.waitUntilReady('serve', this.shop, `${this.adminUrl}/readyz`);
  }

  async startSandbox() {
    this.sandbox = this.start('sandbox', sandboxProgram, 'sandbox.toml', this.sandboxSettings);
    await this.waitUntilReady('sandbox', this.sandbox, `${this.sandboxUrl}/sandbox/v1/faults`);
  }

  // As a failing machine would end it.
  async killShop() {
    this.shop.kill('SIGKILL');
    if (this.shop.exitCode === null && this.shop.signalCode === null) await once(this.shop, 'exit');
  }

  // Politely; the shop must end by itself and well.
  async stopShop() {
    assert.equal(await this.end(this.shop), 0, `the shop did not stop well:\n${this.log('serve').slice(-4_000)}`);
  }

  async end(child) {
    if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), stopWithinMs);
    const [status] = await once(child, 'exit');
    clearTimeout(late);
    return status;
  }

  // A start that must fail.
  serveOnce(settings) {
    const sets = settings.flatMap((setting) => ['--set', setting]);
    return run(shopProgram, ['serve', '--config', this.file('daozhang.toml'), ...sets], { timeout: stopWithinMs });
  }

  // Of the stopped shop.
  fsck() {
    return run(shopProgram, ['fsck', '--config', this.file('daozhang.toml')]);
  }

  async stopAndCheck() {
    await this.stopShop();
    const { status, output } = await this.fsck();
    assert.equal(status, 0, `fsck: ${output}`);
    return output;
  }

  async close() {
    await Promise.all([this.end(this.shop), this.end(this.sandbox)]);
    rmSync(this.directory, { recursive: true, force: true });
    folders.delete(this.directory);
  }
}
