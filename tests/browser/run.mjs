// Runs browser tests against a fresh shop and sandbox:
//   node run.mjs [TEST FILE...]
// The catalog is the demo's and one top-up more, which is promised within seconds, so that a deadline can be watched.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withShop } from '../stage/with_shop.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const shortPromiseSeconds = 20;
const files = process.argv.length > 2 ? process.argv.slice(2) : readdirSync(here).filter((name) => name.endsWith('.test.mjs'));

function fastTopup({ 'mobile-topup-50': topup }) {
  const name = { 'zh-CN': `${topup.name['zh-CN']}（急）`, en: `${topup.name.en}, express` };
  return [{ ...topup, sku: `${topup.sku}-fast`, name, promise_seconds: shortPromiseSeconds }];
}

const args = ['--test', '--test-concurrency=1', ...files.map((file) => join(here, file))];
process.exit(await withShop({ products: fastTopup }, process.execPath, args));
