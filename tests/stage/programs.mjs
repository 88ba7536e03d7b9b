// The programs under test: where they are, how one is run to its end, and how one is started and ended by its pid.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
const bin = resolve(process.env.DAOZHANG_BIN ?? join(root, 'build/release/bin'));
export const [shopProgram, sandboxProgram, hammerProgram] = ['', '-sandbox', '-hammer'].map((end) => join(bin, `daozhang${end}`));
export const skip = existsSync(shopProgram) && existsSync(sandboxProgram) ? false : `skipped: no programs in ${bin}`;
const stopWithinMs = 20_000;

// A story that is cut short leaves no program behind it.
const running = new Set();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

export async function freePorts(count) {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}

// Never blocks: other stories run beside this one.
export async function run(program, args, { input = '', timeout } = {}) {
  const child = spawn(program, args.map(String), { cwd: root, timeout });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const [status] = await once(child, 'close');
  return { status, output };
}

export function start(program, args, logFile, env = {}) {
  const log = openSync(logFile, 'a');
  const child = spawn(program, args, { stdio: ['ignore', log, log], cwd: root, env: { ...process.env, ...env } });
  closeSync(log);
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

export const isRunning = (child) => child.exitCode === null && child.signalCode === null;

// As a failing machine would end it.
export async function kill(child) {
  child.kill('SIGKILL');
  if (isRunning(child)) await once(child, 'exit');
}

// Politely, and after a while by force. → its exit code.
export async function end(child) {
  if (!child || !isRunning(child)) return child?.exitCode ?? null;
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), stopWithinMs);
  const [status] = await once(child, 'exit');
  clearTimeout(late);
  return status;
}
