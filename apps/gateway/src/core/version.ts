import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Version of this program, from its package.json (two folders up both from `src/core` and from `dist/core`). */
export const VERSION = readVersion();

function readVersion(): string {
  const text = readFileSync(join(import.meta.dirname, '..', '..', 'package.json'), 'utf8');
  const manifest: unknown = JSON.parse(text);
  const isVersioned = typeof manifest === 'object' && manifest !== null && 'version' in manifest;
  return isVersioned && typeof manifest.version === 'string' ? manifest.version : '0.0.0';
}
