// A file system of its own with little room, for the store to live on, so that a disk can be full without anybody else
// noticing. It takes root; where mounting is not allowed there is none.
import { spawnSync } from 'node:child_process';
import { closeSync, cpSync, mkdirSync, openSync, rmSync, statSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const steps = [1 << 20, 1 << 12]; // Coarse, then to the last page.

export class SmallDisk {
  // → the disk, or null.
  static mount(directory, megabytes) {
    const folder = join(directory, 'store');
    mkdirSync(folder);
    const args = ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0700`, 'daozhang-chaos', folder];
    if (spawnSync('mount', args).status !== 0) return null;
    return new SmallDisk(folder);
  }

  constructor(folder) {
    this.folder = folder;
    this.ballast = join(folder, 'ballast');
    this.leave = () => spawnSync('umount', ['--lazy', folder]);
    process.prependListener('exit', this.leave);
  }

  // Until not one byte more fits.
  fill() {
    const file = openSync(this.ballast, 'a');
    try {
      for (const size of steps) this.writeWhileItFits(file, Buffer.alloc(size));
    } finally {
      closeSync(file);
    }
  }

  writeWhileItFits(file, block) {
    try {
      for (;;) writeSync(file, block);
    } catch (cause) {
      if (cause.code !== 'ENOSPC') throw cause;
    }
  }

  free() {
    rmSync(this.ballast, { force: true });
  }

  giveBack(bytes) {
    truncateSync(this.ballast, Math.max(0, statSync(this.ballast).size - bytes));
  }

  // What is on it stays at `copy`, if one is wanted.
  unmount(copy) {
    this.free();
    if (copy) cpSync(this.folder, copy, { recursive: true });
    this.leave();
    process.off('exit', this.leave);
  }
}
