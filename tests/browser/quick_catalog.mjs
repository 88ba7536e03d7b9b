// Prints the demo catalogue with one product more: its phone top-up, promised within seconds, so that a test can see a
// promise being missed.
import { readFileSync } from 'node:fs';

const catalog = JSON.parse(readFileSync(new URL('../../apps/daozhang/demo/catalog.json', import.meta.url), 'utf8'));
const ordinary = catalog.products.find(({ target }) => target?.some(({ kind }) => kind === 'phone'));
catalog.products.push({ ...ordinary, sku: `${ordinary.sku}-quick`, promise_seconds: 20 });
process.stdout.write(`${JSON.stringify(catalog, null, 2)}\n`);
