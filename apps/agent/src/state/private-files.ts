import { closeSync, constants, fstatSync, lstatSync, mkdirSync, openSync, readFileSync, type Stats } from 'node:fs';
import { dirname, join } from 'node:path';
import { UnsafeFileError } from './unsafe-file.error.js';
import { createWhole, replaceWhole } from './whole-file.js';

const { O_RDONLY, O_NOFOLLOW, O_DIRECTORY, O_NONBLOCK } = constants;
/** Anyone but the owner. */
const OTHERS = 0o077;

/** The user that must own the agent's files: the one it runs as, root in production. */
export function ownUserId(): number {
  return process.geteuid?.() ?? 0;
}

/**
 * Makes a folder (0700) when it is missing and checks that it is nobody else's.
 * @throws {UnsafeFileError} when it is a link, another user's, or open to others
 */
export function ensurePrivateFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  checkPrivateFolder(path);
}

/**
 * @throws {UnsafeFileError} when the folder is missing, a link, another user's, or open to others
 */
export function checkPrivateFolder(path: string): void {
  const stat = withReason(path, () => lstatSync(path));
  if (!stat.isDirectory()) throw new UnsafeFileError(path, 'is not a folder (links are not followed)');
  checkOwner(path, stat);
}

/**
 * Reads a small file that only its owner may read or write. The folder is opened first and the file through it, so that
 * nothing can be swapped between the check and the read.
 * @throws {UnsafeFileError} when it is missing, a link, hard-linked, not a regular file, too large, another user's, or open to others
 */
export function readPrivateFile(path: string, maxBytes = 256 * 1024): string {
  checkPrivateFolder(dirname(path));
  const folder = withReason(path, () => openSync(dirname(path), O_RDONLY | O_DIRECTORY | O_NOFOLLOW));
  try {
    // O_NONBLOCK: opening a planted FIFO must not hang.
    const file = withReason(path, () =>
      openSync(`/proc/self/fd/${folder}/${nameOf(path)}`, O_RDONLY | O_NOFOLLOW | O_NONBLOCK),
    );
    try {
      const stat = fstatSync(file);
      checkPrivateFile(path, stat);
      if (stat.size > maxBytes) throw new UnsafeFileError(path, `is larger than ${maxBytes} bytes`);
      return readFileSync(file, 'utf8');
    } finally {
      closeSync(file);
    }
  } finally {
    closeSync(folder);
  }
}

/**
 * Checks an existing file without reading it.
 * @throws {UnsafeFileError} as {@link readPrivateFile}
 */
export function checkPrivatePath(path: string): void {
  checkPrivateFile(
    path,
    withReason(path, () => lstatSync(path)),
  );
}

/**
 * Writes a new file (0600), whole and on disk, or not at all.
 * @throws {UnsafeFileError} when it exists and `replace` is false, or when it cannot be written
 */
export function writePrivateFile(path: string, text: string, options: { readonly replace: boolean }): void {
  checkPrivateFolder(dirname(path));
  withReason(path, () => (options.replace ? replaceWhole : createWhole)(path, text, 0o600));
}

function checkPrivateFile(path: string, stat: Stats): void {
  if (!stat.isFile()) throw new UnsafeFileError(path, 'is not a regular file (links are not followed)');
  if (stat.nlink !== 1) throw new UnsafeFileError(path, 'has more than one name (hard links)');
  checkOwner(path, stat);
}

function checkOwner(path: string, stat: Stats): void {
  if (stat.uid !== ownUserId())
    throw new UnsafeFileError(path, `belongs to user ${stat.uid}, not ${ownUserId()}: chown it`);
  if ((stat.mode & OTHERS) !== 0)
    throw new UnsafeFileError(
      path,
      `is open to others (mode ${(stat.mode & 0o7777).toString(8).padStart(4, '0')}): chmod it to ${stat.isDirectory() ? '0700' : '0600'}`,
    );
}

function nameOf(path: string): string {
  return path.slice(join(dirname(path), '/').length);
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  EEXIST: 'exists already',
  ELOOP: 'is a link: links are not followed',
  ENOTDIR: 'is not a folder (links are not followed)',
  EACCES: 'may not be opened by this user',
};

function withReason<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    throw new UnsafeFileError(path, REASONS[code] ?? `cannot be used (${code})`, { cause: error });
  }
}
