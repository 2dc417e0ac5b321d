import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { link, open, rename, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const MAX_BYTES = 64 * 1024;
const { O_CREAT, O_EXCL, O_NOFOLLOW, O_RDONLY, O_WRONLY } = constants;

/** Why a file may not hold a secret of ours, or undefined when it may. Pure, so that each rule has a test. */
export function distrustOf(
  file: { readonly isRegular: boolean; readonly uid: number; readonly mode: number; readonly links: number },
  ownUid: number,
): string | undefined {
  if (!file.isRegular) return 'is not a regular file';
  if (file.uid !== ownUid) return `belongs to user ${file.uid}, not to ${ownUid}`;
  if ((file.mode & 0o077) !== 0)
    return `may be read or written by others (mode ${(file.mode & 0o777).toString(8)}); expected 600`;
  if (file.links !== 1) return 'has another name (hard link)';
  return undefined;
}

/**
 * Text of a private file, or undefined when there is none.
 * The checks are made on the open descriptor, so the file cannot be swapped between check and read.
 * @throws the error made by `refuse` when the file is not ours alone
 */
export async function readPrivateFile(path: string, refuse: (why: string) => Error): Promise<string | undefined> {
  let handle;
  try {
    handle = await open(path, O_RDONLY | O_NOFOLLOW);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') return undefined;
    if (code === 'ELOOP') throw refuse('is a symbolic link');
    throw error;
  }
  try {
    const stat = await handle.stat();
    const { uid, mode, nlink: links } = stat;
    const why = distrustOf({ isRegular: stat.isFile(), uid, mode, links }, process.getuid?.() ?? uid);
    if (why !== undefined) throw refuse(why);
    if (stat.size > MAX_BYTES) throw refuse('is too large');
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}

/**
 * Makes a private file (0600) with all of its content or not at all; false when one was there already.
 * A linked temporary file, not a plain O_EXCL create: a crash in between must not leave an empty key file behind.
 */
export async function createPrivateFile(path: string, text: string): Promise<boolean> {
  const temporary = await writeTemporary(path, text);
  try {
    await link(temporary, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await unlink(temporary);
  }
  await syncDirectory(dirname(path));
  return true;
}

/** Writes or replaces a private file (0600) atomically. */
export async function replacePrivateFile(path: string, text: string): Promise<void> {
  const temporary = await writeTemporary(path, text);
  try {
    await rename(temporary, path);
  } catch (error) {
    await unlink(temporary);
    throw error;
  }
  await syncDirectory(dirname(path));
}

async function writeTemporary(path: string, text: string): Promise<string> {
  const temporary = join(dirname(path), `.${randomBytes(8).toString('hex')}.tmp`);
  const handle = await open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  try {
    await handle.writeFile(text, 'utf8');
    await handle.sync();
  } finally {
    await handle.close();
  }
  return temporary;
}

async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
