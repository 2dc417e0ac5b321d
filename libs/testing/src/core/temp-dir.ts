import { rmSync } from 'node:fs';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atExit } from './at-exit.js';

/** A folder that goes away with its owner. */
export interface TempDir extends AsyncDisposable {
  /** Absolute path without symbolic links. */
  readonly path: string;
}

/**
 * Makes an empty folder (mode 0700) under `parent`, by default the system's folder for temporary files.
 * It is removed with everything in it on dispose, or when this process exits.
 */
export async function tempDir(prefix = 'bailiff-', parent = tmpdir()): Promise<TempDir> {
  const path = await realpath(await mkdtemp(join(parent, prefix)));
  const remove = { recursive: true, force: true, maxRetries: 3 } as const;
  const forget = atExit(() => {
    try {
      rmSync(path, remove);
    } catch {
      // The process is going down; a left-over folder of the temp area is not worth an exit code.
    }
  });
  return {
    path,
    async [Symbol.asyncDispose]() {
      forget();
      await rm(path, remove);
    },
  };
}
