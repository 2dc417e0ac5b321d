import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { repositoryRoot } from './paths.ts';

/** Takes settings from the checkout's `.env`, where there is one; what the environment says counts more. */
export function loadEnvFile(): void {
  const path = join(repositoryRoot, '.env');
  if (existsSync(path)) process.loadEnvFile(path);
}
