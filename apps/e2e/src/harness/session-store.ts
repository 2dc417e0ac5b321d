import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { BailiffStack } from './bailiff-stack.js';

/** Moves the end of every open session into the past, as if its time had run out; answers how many there were. */
export function expireSessions(bailiff: BailiffStack): number {
  const database = new DatabaseSync(join(bailiff.dataDir, 'gateway', 'bailiff.db'), { timeout: 5_000 });
  try {
    return Number(database.prepare('UPDATE session SET expires_at_ms = ?').run(Date.now() - 1_000).changes);
  } finally {
    database.close();
  }
}
