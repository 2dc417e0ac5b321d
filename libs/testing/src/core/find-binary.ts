import { accessSync, constants, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const systemFolders = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** Absolute path of an executable on PATH, in the usual system folders or in `extraFolders`; undefined when there is none. */
export function findBinary(name: string, extraFolders: readonly string[] = []): string | undefined {
  const onPath = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder.startsWith('/'));
  for (const folder of [...onPath, ...systemFolders, ...extraFolders]) {
    const candidate = join(folder, name);
    try {
      accessSync(candidate, constants.X_OK);
      return candidate;
    } catch {
      // not here
    }
  }
  return undefined;
}

/** Folders `<parent>/<version>/bin`, highest version first, as Debian lays out PostgreSQL. */
export function versionedBinFolders(parent: string): string[] {
  try {
    return readdirSync(parent)
      .sort((a, b) => Number.parseFloat(b) - Number.parseFloat(a))
      .map((version) => join(parent, version, 'bin'));
  } catch {
    return [];
  }
}
