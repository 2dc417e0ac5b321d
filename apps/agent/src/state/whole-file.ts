import { randomUUID } from 'node:crypto';
import { closeSync, constants, fchmodSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const { O_RDONLY, O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW, O_DIRECTORY } = constants;

/**
 * Makes a file, whole and on disk, or none. Whatever is at `path` already is neither followed nor touched.
 * @param mode permissions, whatever the umask
 * @throws the system's error, `EEXIST` when something is there
 */
export function createWhole(path: string, text: string, mode: number): void {
  const file = openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode);
  try {
    fchmodSync(file, mode);
    // Not writeSync, which leaves out without a word what a full disk has no room for.
    writeFileSync(file, text);
    fsyncSync(file);
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
  syncFolder(dirname(path));
}

/** Puts a new file in the place of `path` in one step; a link there is replaced, not followed. @throws the system's error */
export function replaceWhole(path: string, text: string, mode: number): void {
  const draft = join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
  createWhole(draft, text, mode);
  try {
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
  syncFolder(dirname(path));
}

function syncFolder(path: string): void {
  const folder = openSync(path, O_RDONLY | O_DIRECTORY);
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
