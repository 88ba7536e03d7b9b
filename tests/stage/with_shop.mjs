// A fresh shop and sandbox for as long as one command runs, which finds them by SHOP_URL, ADMIN_URL, SANDBOX_URL and
// SHOP_DIRECTORY:
//   node with_shop.mjs COMMAND [ARGUMENT...]
// Settings by environment: DAOZHANG_BIN, DAOZHANG_CATALOG.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from './programs.mjs';
import { Stage } from './stage.mjs';

const logShown = 4_000;

// → the command's exit code.
export async function withShop(options, command, args) {
  const stage = await Stage.open({ webRoot: join(root, 'web/storefront/dist'), ...options });
  try {
    const env = {
      ...process.env,
      SHOP_URL: stage.shopUrl,
      ADMIN_URL: stage.adminUrl,
      SANDBOX_URL: stage.sandboxUrl,
      SHOP_DIRECTORY: stage.directory,
    };
    const child = spawn(command, args, { stdio: 'inherit', env });
    const [status] = await once(child, 'exit');
    if (status !== 0) for (const name of ['serve', 'sandbox']) console.error(stage.log(name).slice(-logShown));
    return status ?? 1;
  } finally {
    await stage.close();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [command, ...args] = process.argv.slice(2);
  process.exit(await withShop({ catalog: process.env.DAOZHANG_CATALOG }, command, args));
}
