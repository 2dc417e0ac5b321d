import { existsSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

/** Absolute path of the checkout. */
export const repositoryRoot = join(import.meta.dirname, '..', '..');

/** The built entry point of each process. */
export const mainOf = {
  gateway: join(repositoryRoot, 'apps/gateway/dist/main.js'),
  worker: join(repositoryRoot, 'apps/worker/dist/main.js'),
  agent: join(repositoryRoot, 'apps/agent/dist/bundle/main.js'),
} as const;

/** The built web app that the gateway serves. */
export const webDir = join(repositoryRoot, 'apps/web/dist/browser');

/** Where `up` and `demo` keep their data unless told otherwise. */
export const defaultDataDir = { up: join(repositoryRoot, '.bailiff/up'), demo: join(repositoryRoot, '.bailiff/demo') };

/** Full path of a program; a bare name is looked for on PATH and in the folders of root's tools that PATH of other users lacks. */
export function findProgram(name: string): string | undefined {
  if (isAbsolute(name)) return existsSync(name) ? name : undefined;
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin', '/usr/local/sbin'];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}
