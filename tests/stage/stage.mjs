// A shop and a sandbox of their own, in a folder of their own, on ports of their own, for one story. Everything that
// starts a shop for a test or a measurement does it by this. The programs are those of DAOZHANG_BIN.
import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { call, until } from './http.mjs';
import { end, freePorts, isRunning, kill, run, sandboxProgram, shopProgram, start } from './programs.mjs';

export { skip } from './programs.mjs';

const readyWithinMs = 60_000;
const refusesWithinMs = 20_000;
const logShown = 4_000;

// A story that is cut short leaves no folder behind it.
const folders = new Set();
process.on('exit', () => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

export class Stage {
  // catalog: the file of what is sold, the demo's if none is given; products: makes what is sold besides, from that by
  //   sku; secrets: codes by sku; webRoot: the built pages, none by default
  // settings, sandboxSettings: lists of "section.key=value"; withSandbox: false to do without one
  // prepareStore: gets the stage's folder, gives the folder in which the database is to live, if not there
  static async open(options = {}) {
    const { catalog, products, secrets = {}, webRoot = '', prepareStore, withSandbox = true } = options;
    const stage = new Stage();
    stage.directory = mkdtempSync(join(tmpdir(), 'daozhang-stage-'));
    folders.add(stage.directory);
    stage.settings = options.settings ?? [];
    stage.sandboxSettings = options.sandboxSettings ?? [];
    stage.storeSettings = [];
    await stage.takePorts();
    try {
      await stage.init(catalog, webRoot);
      if (products) stage.sell(products);
      const storeFolder = prepareStore?.(stage.directory);
      if (storeFolder) stage.moveStore(storeFolder);
      for (const [sku, codes] of Object.entries(secrets)) await stage.stock(sku, codes);
      await Promise.all([withSandbox && stage.startSandbox(), stage.startShop()]);
    } catch (cause) {
      await stage.close();
      throw cause;
    }
    return stage;
  }

  async takePorts() {
    const [shop, admin, sandbox] = await freePorts(3);
    this.ports = { shop, admin, sandbox };
    this.shopUrl = `http://127.0.0.1:${shop}`;
    this.adminUrl = `http://127.0.0.1:${admin}`;
    this.sandboxUrl = `http://127.0.0.1:${sandbox}`;
  }

  async init(catalog, webRoot) {
    const { shop, admin, sandbox } = this.ports;
    const made = await run(shopProgram, [
      ...['init', '--directory', this.directory, '--demo', '--web-root', webRoot, ...(catalog ? ['--catalog', catalog] : [])],
      ...['--port', shop, '--admin-port', admin, '--sandbox-port', sandbox],
    ]);
    assert.equal(made.status, 0, `init failed: ${made.output}`);
  }

  sell(products) {
    const file = this.file('catalog.json');
    const catalog = JSON.parse(readFileSync(file, 'utf8'));
    catalog.products.push(...products(Object.fromEntries(catalog.products.map((product) => [product.sku, product]))));
    writeFileSync(file, JSON.stringify(catalog));
  }

  moveStore(folder) {
    for (const name of readdirSync(this.directory).filter((each) => each.startsWith('daozhang.db'))) {
      copyFileSync(this.file(name), join(folder, name));
      rmSync(this.file(name));
    }
    this.storeSettings = [`store.path=${join(folder, 'daozhang.db')}`];
  }

  // The settings of the shop and of its tools.
  shopArgs(settings = []) {
    const sets = [...this.storeSettings, ...settings].flatMap((setting) => ['--set', setting]);
    return ['--config', this.file('daozhang.toml'), ...sets];
  }

  async stock(sku, codes) {
    const imported = await this.import(sku, codes, '--quiet');
    assert.equal(imported.status, 0, `import failed: ${imported.output}`);
  }

  // Also while the shop runs; → { status, output }.
  import(sku, lines, ...more) {
    const args = ['import', 'secrets', ...this.shopArgs(), '--sku', sku, ...more, '-'];
    return run(shopProgram, args, { input: lines.join('\n') });
  }

  // A verb of the program with this shop's settings; → { status, output }.
  command(...words) {
    return run(shopProgram, [...words, ...this.shopArgs()]);
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

  async waitUntil(name, child, url, holds) {
    const told = () => `\n${this.log(name).slice(-logShown)}`;
    const probe = async () => {
      assert.ok(isRunning(child), `${name} ended:${told()}`);
      const answer = await call(url).catch(() => null);
      return answer !== null && holds(answer);
    };
    await until(`${name} is ready`, probe, { withinMs: readyWithinMs, seen: told });
  }

  // Does not wait; `env` is given besides.
  launchShop({ settings = [], env } = {}) {
    const args = ['serve', ...this.shopArgs([...this.settings, ...settings])];
    this.shop = start(shopProgram, args, this.file('serve.log'), env);
  }

  waitForShop(path = '/readyz', holds = ({ status }) => status === 200) {
    return this.waitUntil('serve', this.shop, this.adminUrl + path, holds);
  }

  async startShop(...settings) {
    this.launchShop({ settings });
    await this.waitForShop();
  }

  async startSandbox() {
    const sets = this.sandboxSettings.flatMap((setting) => ['--set', setting]);
    const args = ['serve', '--config', this.file('sandbox.toml'), ...sets];
    this.sandbox = start(sandboxProgram, args, this.file('sandbox.log'));
    const answers = ({ status }) => status === 200;
    await this.waitUntil('sandbox', this.sandbox, `${this.sandboxUrl}/sandbox/v1/faults`, answers);
  }

  get shopRuns() {
    return isRunning(this.shop);
  }

  // { ready, reasons }, as the running shop says.
  async readiness() {
    return (await call(`${this.adminUrl}/readyz`)).json();
  }

  killShop() {
    return kill(this.shop);
  }

  // Politely; the shop must end by itself and well.
  async stopShop() {
    assert.equal(await end(this.shop), 0, `the shop did not stop well:\n${this.log('serve').slice(-logShown)}`);
  }

  // A start that must fail.
  serveOnce(settings) {
    return run(shopProgram, ['serve', ...this.shopArgs(settings)], { timeout: refusesWithinMs });
  }

  // Of the stopped shop.
  fsck() {
    return this.command('fsck');
  }

  async stopAndCheck() {
    await this.stopShop();
    const { status, output } = await this.fsck();
    assert.equal(status, 0, `fsck: ${output}`);
    return output;
  }

  endPrograms() {
    return Promise.all([end(this.shop), end(this.sandbox)]);
  }

  // The programs are ended and the folder stays.
  async keep() {
    await this.endPrograms();
    folders.delete(this.directory);
  }

  async close() {
    await this.endPrograms();
    rmSync(this.directory, { recursive: true, force: true });
    folders.delete(this.directory);
  }
}
