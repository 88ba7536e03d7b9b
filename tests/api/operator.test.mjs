// What an operator does to a shop that runs, and how the commands end, for scripts that call them.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { call, until } from '../stage/http.mjs';
import { skip, withShop } from './shop.mjs';

const sku = 'late-card';
const cardProduct = (demo) => [{ ...demo['steam-card-50'], sku }];
const codes = (word, count) => Array.from({ length: count }, (_, index) => `${word}-${String(index).padStart(4, '0')}`);
const reportOf = (output) => output.split('\n').filter((line) => /^\d+\t/.test(line)).map((line) => line.split('\t').slice(0, 3).join(' '));

describe('stock for a shop that runs', { skip, concurrency: 4 }, () => {
  test('secrets that come in while the shop runs are sold at once', () =>
    withShop({ products: cardProduct }, async (shop) => {
      assert.equal((await shop.placing({ sku })).json().code, 'out_of_stock');
      const secrets = codes('LATE', 2_500);
      const imported = await shop.stage.import(sku, secrets, '--as', 'lin', '--reason', 'the evening delivery');
      assert.equal(imported.status, 0, imported.output);
      assert.match(imported.output, /in stock: 2500 new secrets of late-card; refused: 0/);
      assert.equal(reportOf(imported.output).length, 2_500);

      const products = (await shop.api('GET', '/v1/products')).json().products;
      assert.equal(products.find((product) => product.sku === sku).in_stock, true);
      const order = await shop.place({ sku, quantity: 3 });
      await order.pay();
      await order.untilState('delivered');
      assert.deepEqual((await order.secrets()).sort(), secrets.slice(0, 3));

      const log = shop.stage.log('serve').split('\n').find((line) => line.includes('operator_asked'));
      const { verb, as, reason } = JSON.parse(log);
      assert.deepEqual({ verb, as, reason }, { verb: '/admin/v1/stock', as: 'lin', reason: 'the evening delivery' });
      for (const [name, bytes] of shop.stage.writtenFiles()) assert.ok(!bytes.includes('LATE-'), `${name} has a secret in clear`);
    }));

  test('what was refused is named line by line, as when the shop stands', () =>
    withShop({ products: cardProduct }, async (shop) => {
      const lines = ['CODE-0001', '', 'CODE-0001', 'CODE-0002'];
      const running = await shop.stage.import(sku, lines);
      assert.equal(running.status, 3, running.output);
      const report = ['1 accepted -', '2 refused empty', '3 refused duplicate_in_file', '4 accepted -'];
      assert.deepEqual(reportOf(running.output), report);
      const again = await shop.stage.import(sku, ['CODE-0002', 'CODE-0003']);
      assert.deepEqual(reportOf(again.output), ['1 refused already_in_stock', '2 accepted -']);
      await shop.stage.stopShop();
      const standing = await shop.stage.import(sku, ['CODE-0002', 'CODE-0004']);
      assert.deepEqual(reportOf(standing.output), ['1 refused already_in_stock', '2 accepted -']);
      assert.equal(standing.status, 3);
      await shop.stage.startShop();
    }));

  test('many imports beside each other and beside buyers lose and double nothing', () =>
    withShop({ products: cardProduct, secrets: { [sku]: codes('FIRST', 20) } }, async (shop) => {
      const same = codes('SAME', 300);
      const imports = ['A', 'B', 'C', 'D'].map((word) => shop.stage.import(sku, [...codes(word, 300), ...same]));
      const orders = await Promise.all(Array.from({ length: 20 }, () => shop.place({ sku })));
      const outcomes = await Promise.all(imports);
      const accepted = outcomes.flatMap(({ output }) => reportOf(output)).filter((line) => line.includes('accepted')).length;
      assert.equal(accepted, 4 * 300 + 300);
      await Promise.all(orders.map((order) => order.pay()));
      await Promise.all(orders.map((order) => order.untilState('delivered')));
      const sold = (await Promise.all(orders.map((order) => order.secrets()))).flat();
      assert.equal(new Set(sold).size, 20);
    }));

  test('without the key file nothing is taken', () =>
    withShop({}, async (shop) => {
      const body = { as: 'eve', reason: 'r', request: {} };
      for (const headers of [{}, { Authorization: 'Bearer ' }, { Authorization: `Bearer ${'0'.repeat(64)}` }]) {
        const answer = await call(`${shop.stage.adminUrl}/admin/v1/stock`, { method: 'POST', headers, body });
        assert.equal(answer.status, 401);
        assert.equal(answer.json().code, 'not_the_operator');
      }
      const onTheShopsPort = await call(`${shop.stage.shopUrl}/admin/v1/stock`, { method: 'POST', body });
      assert.equal(onTheShopsPort.status, 404);
      // The log is written behind the answer.
      await until('the log tells of it', () => /operator_refused/.test(shop.stage.log('serve')));
    }));
});

describe('how the commands end', { skip, concurrency: 4 }, () => {
  test('import: 0, 3 and 4 say what became of the lines, 2 that nothing was tried', () =>
    withShop({ products: cardProduct }, async (shop) => {
      const { stage } = shop;
      const ends = async (status, lines, ...more) => {
        const { status: ended, output } = await stage.import(sku, lines, ...more);
        assert.equal(ended, status, output);
      };
      await ends(0, ['CODE-0001', 'CODE-0002']);
      await ends(3, ['CODE-0002', 'CODE-0003']);
      await ends(4, ['CODE-0001', 'CODE-0002', '']);
      await ends(4, []);
      await ends(2, ['CODE-0009'], '--csv');
      await ends(2, ['CODE-0009'], '--no-such-option');
      await ends(2, ['CODE-0009'], '--set', 'store.no_such_key=1');
      await ends(2, ['CODE-0009'], '--set', `keys.file=${stage.file('nothing.txt')}`);
      await ends(2, ['CODE-0009'], '--set', `catalog.file=${stage.file('nothing.json')}`);
      assert.equal((await stage.import('no-such-product', ['CODE-0009'])).status, 2);
      assert.equal((await stage.command('import', 'secrets', '--sku', sku, stage.file('nothing.txt'))).status, 2);
      assert.equal((await stage.import(sku, ['CODE-0009'])).status, 0, 'none of the above brought it in');
      const help = await stage.command('import', 'secrets', '--help');
      assert.equal(help.status, 0);
      for (const status of ['0:', '1:', '2:', '3:', '4:']) assert.ok(help.output.includes(status), help.output);
    }));

  test('import: 1 says that the store could not be written', () =>
    withShop({ products: cardProduct }, async (shop) => {
      const { stage } = shop;
      // The store's holder is not to be found where the settings say.
      const lost = await stage.import(sku, ['CODE-0001'], '--set', 'admin.listen=127.0.0.1:1');
      assert.equal(lost.status, 1, lost.output);
      assert.match(lost.output, /in use by process \d+/);
      assert.match(lost.output, /no shop answers at http:\/\/127\.0\.0\.1:1/);
      assert.deepEqual(reportOf(lost.output), ['1 refused not_confirmed']);
      const nowhere = await stage.import(sku, ['CODE-0001'], '--set', `store.path=${stage.file('no/such/folder.db')}`);
      assert.equal(nowhere.status, 1, nowhere.output);
      assert.equal((await stage.import(sku, ['CODE-0001'])).status, 0);
    }));

  test('fsck: 0 clean, 1 broken, 2 not checked', () =>
    withShop({}, async (shop) => {
      const { stage } = shop;
      await shop.place({ contact: { email: 'somebody@example.com' } });
      await stage.stopShop();
      assert.equal((await stage.fsck()).status, 0);
      const whole = readFileSync(stage.file('daozhang.db'));
      const broken = Buffer.from(whole);
      broken.write('S', broken.lastIndexOf('somebody@example.com'));
      writeFileSync(stage.file('daozhang.db'), broken);
      const found = await stage.fsck();
      assert.equal(found.status, 1, found.output);
      assert.match(found.output, /^broken: /m);
      // Rubbish in the rows, then also where the tables are described.
      for (const [share, words] of [[0.75, /^broken: (integrity|unreadable)$/m], [0.02, /can not be opened: (a page came back|.*malformed)/]]) {
        const kept = Math.ceil((whole.length * share) / 4_096) * 4_096;
        writeFileSync(stage.file('daozhang.db'), Buffer.concat([whole.subarray(0, kept), Buffer.alloc(whole.length - kept, 0xa5)]));
        const damaged = await stage.fsck();
        assert.equal(damaged.status, 1, damaged.output);
        assert.match(damaged.output, words);
      }
      writeFileSync(stage.file('daozhang.db'), whole);
      assert.equal((await stage.command('fsck', '--set', `store.path=${stage.file('nothing.db')}`)).status, 2);
      writeFileSync(stage.file('other.db'), 'this is no store');
      assert.equal((await stage.command('fsck', '--set', `store.path=${stage.file('other.db')}`)).status, 2);
      assert.equal((await stage.command('fsck', '--no-such-option')).status, 2);
      const help = await stage.command('fsck', '--help');
      for (const status of ['0:', '1:', '2:']) assert.ok(help.output.includes(status), help.output);
      await stage.startShop();
    }));
});

describe('the time of a shop that runs', { skip }, () => {
  test('is shown, and an explanation of it names who and why', () =>
    withShop({}, async (shop) => {
      const time = (...words) => shop.stage.command('admin', 'time', ...words);
      const shown = await time();
      assert.equal(shown.status, 0, shown.output);
      assert.match(shown.output, /time is trusted; deadlines take effect/);

      const nameless = await time('keep');
      assert.equal(nameless.status, 2, nameless.output);
      assert.match(nameless.output, /--as NAME/);
      assert.equal((await time('forget')).status, 2);

      const kept = await time('keep', '--as', 'lin', '--reason', 'the clock was set');
      assert.equal(kept.status, 0, kept.output);
      const log = shop.stage.log('serve').split('\n').filter((line) => line.includes('operator_asked')).at(-1);
      const { verb, as, reason } = JSON.parse(log);
      assert.deepEqual({ verb, as, reason }, { verb: '/admin/v1/time', as: 'lin', reason: 'the clock was set' });
    }));
});
