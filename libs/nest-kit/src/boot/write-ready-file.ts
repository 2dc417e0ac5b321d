import { randomUUID } from 'node:crypto';
import { renameSync, writeFileSync } from 'node:fs';

/** Tells whoever started us that we are up: JSON, mode 0600, written whole or not at all. */
export function writeReadyFile(path: string, data: object): void {
  const temporary = `${path}.${randomUUID()}`;
  writeFileSync(temporary, `${JSON.stringify(data)}\n`, { mode: 0o600, flag: 'wx' });
  renameSync(temporary, path);
}
