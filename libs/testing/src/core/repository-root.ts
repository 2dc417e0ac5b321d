import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder of the checkout: the nearest one with a pnpm-workspace.yaml above this package or the working folder. */
export function repositoryRoot(): string | undefined {
  for (const start of [import.meta.dirname, process.cwd()]) {
    for (let folder = start; ; folder = dirname(folder)) {
      if (existsSync(join(folder, 'pnpm-workspace.yaml'))) return folder;
      if (folder === dirname(folder)) break;
    }
  }
  return undefined;
}
