// Runs web/*/test/*.test.ts with Node's own runner; esbuild (vite's) turns them into plain modules first.
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const out = `${root}node_modules/.cache/daozhang-tests`;
const sources = ['shared', 'storefront'].flatMap((workspace) => {
  const folder = `${root}${workspace}/test`;
  return readdirSync(folder)
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => `${folder}/${name}`);
});

rmSync(out, { recursive: true, force: true });
await build({
  entryPoints: sources,
  outdir: out,
  bundle: true,
  platform: 'node',
  format: 'esm',
  outExtension: { '.js': '.mjs' },
  logLevel: 'warning',
});
const built = readdirSync(out, { recursive: true })
  .filter((name) => String(name).endsWith('.test.mjs'))
  .map((name) => `${out}/${name}`);
const { status } = spawnSync(process.execPath, ['--test', ...built], { stdio: 'inherit' });
process.exit(status ?? 1);
