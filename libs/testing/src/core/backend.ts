import { existsSync } from 'node:fs';
import { HarnessMisuseError } from './testing.errors.js';

/** How a real service is run: in a container, or as a process of this machine. */
export type Backend = 'container' | 'process';

/** The backend that `TEST_BACKEND` insists on, if it does. */
export function forcedBackend(): Backend | undefined {
  const value = process.env['TEST_BACKEND'];
  if (value === undefined || value === '') return undefined;
  if (value === 'container' || value === 'process') return value;
  throw new HarnessMisuseError(`TEST_BACKEND is "${value}"; it may be container or process`);
}

/** Whether trying for a container engine is worth the time: something points at one. */
export function mayHaveContainerEngine(): boolean {
  return (process.env['DOCKER_HOST'] ?? '') !== '' || existsSync('/var/run/docker.sock');
}
