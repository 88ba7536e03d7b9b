// Installs the packages of these tests beside them; does nothing when the lock file is the one of the last time.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const here = new URL('.', import.meta.url);
const stamp = new URL('node_modules/.daozhang_stamp', here);
const wanted = createHash('sha256').update(readFileSync(new URL('package-lock.json', here))).digest('hex');

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
  const done = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: here,
    stdio: 'inherit',
  });
  if (done.status !== 0) process.exit(1);
  writeFileSync(stamp, wanted);
}
