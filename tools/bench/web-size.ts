import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { ToolError } from '../common/tool.error.ts';

/** Kilobytes (10^3 bytes) of JavaScript that the built page asks for before anything else, as gzip sends them.
 *  @throws {ToolError} when the web app was not built */
export function initialScriptKilobytes(webDir: string): number {
  let index: string;
  try {
    index = readFileSync(join(webDir, 'index.html'), 'utf8');
  } catch {
    throw new ToolError('tools/no-build', `no web app in ${webDir}; build it first`);
  }
  const first = [...index.matchAll(/(?:src|href)="([\w-]+\.js)"/g)].map(([, name]) => name ?? '');
  return reachable(webDir, first).reduce((sum, name) => sum + compressed(join(webDir, name)), 0) / 1000;
}

/** Kilobytes of all scripts, the ones loaded on demand included. */
export function allScriptKilobytes(webDir: string): number {
  const names = readdirSync(webDir).filter((name) => name.endsWith('.js'));
  return names.reduce((sum, name) => sum + compressed(join(webDir, name)), 0) / 1000;
}

/** The scripts named and whatever they import statically, each once. */
function reachable(webDir: string, first: readonly string[]): string[] {
  const seen = new Set(first);
  for (const name of seen) {
    const text = readFileSync(join(webDir, name), 'utf8');
    for (const [, imported] of text.matchAll(/(?:from|import)\s*["']\.\/([\w-]+\.js)["']/g)) seen.add(imported ?? '');
  }
  return [...seen];
}

const compressed = (path: string): number => gzipSync(readFileSync(path), { level: 6 }).length;
