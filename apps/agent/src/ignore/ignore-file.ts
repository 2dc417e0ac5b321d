import { closeSync, constants, fstatSync, lstatSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { AgentError } from '../state/agent.error.js';
import { UnsafeFileError } from '../state/unsafe-file.error.js';
import { ownUserId } from '../state/private-files.js';
import { replaceWhole } from '../state/whole-file.js';

/** Last of the files that fail2ban reads. Bailiff's own, whole. */
export const IGNORE_FILE = 'zz-bailiff-ignore.local';

/** What the file says of one jail. */
export interface JailOverride {
  /** `add`: to what the other files say. `full`: instead of it. */
  readonly mode: 'add' | 'full';
  /** undefined: the list is left to the other files. */
  readonly entries: readonly string[] | undefined;
  readonly ignoreself: boolean | undefined;
}

/** The file is not as Bailiff wrote it. */
export class ForeignIgnoreFileError extends AgentError {
  constructor(path: string, line: string) {
    super(
      'config/refused',
      'user',
      `${path} was changed by hand (${JSON.stringify(line.slice(0, 80))}); move it away first. Nothing was changed`,
    );
  }
}

const HEADER = `# Written by the Bailiff agent and by nobody else: it is replaced as a whole.
# Ignore lists that were made permanent in the console. Remove this file to drop them all.
`;
const KNOWN = '%(known/ignoreip)s';
const MAX_BYTES = 4 << 20;
const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;

/** Text of the file for these jails. */
export function renderIgnoreFile(overrides: ReadonlyMap<string, JailOverride>): string {
  const sections = [...overrides].flatMap(([jail, { mode, entries, ignoreself }]) => {
    const own = (entries ?? []).map((entry) => entry.replaceAll('%', '%%'));
    const words = mode === 'add' ? [KNOWN, ...own] : own;
    const lines = [
      ...(entries === undefined ? [] : [`ignoreip = ${words.join('\n    ')}`]),
      ...(ignoreself === undefined ? [] : [`ignoreself = ${ignoreself}`]),
    ];
    return lines.length === 0 ? [] : [`\n[${jail}]\n${lines.join('\n')}\n`];
  });
  return `${HEADER}${sections.join('')}`;
}

/** Reads what {@link renderIgnoreFile} wrote. @throws {ForeignIgnoreFileError} for anything else */
export function parseIgnoreFile(text: string, path: string): Map<string, JailOverride> {
  const overrides = new Map<string, { mode: 'add' | 'full'; entries?: string[]; ignoreself?: boolean }>();
  let [jail, isList]: [string | undefined, boolean] = [undefined, false];
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const section = /^\[([A-Za-z0-9_.-]+)\]$/.exec(line);
    const override = jail === undefined ? undefined : overrides.get(jail);
    const list = /^ignoreip = ?(.*)$/.exec(line);
    const self = /^ignoreself = (true|false)$/.exec(line);
    const more = /^ {4}(\S+)$/.exec(line);
    if (section?.[1] !== undefined) {
      [jail, isList] = [section[1], false];
      overrides.set(jail, { mode: 'full' });
    } else if (override !== undefined && list !== null) {
      isList = true;
      const [, first = ''] = list;
      override.mode = first === KNOWN ? 'add' : 'full';
      override.entries = first === KNOWN || first === '' ? [] : [first];
    } else if (override?.entries !== undefined && isList && more?.[1] !== undefined) override.entries.push(more[1]);
    else if (override !== undefined && self !== null) [override.ignoreself, isList] = [self[1] === 'true', false];
    else throw new ForeignIgnoreFileError(path, line);
  }
  return new Map(
    [...overrides].map(([name, { mode, entries, ignoreself }]) => [
      name,
      { mode, entries: entries?.map((entry) => entry.replaceAll('%%', '%')), ignoreself },
    ]),
  );
}

/** `jail.d/zz-bailiff-ignore.local`: read and replaced whole; no other file is ever touched, no link followed. */
export class IgnoreFile {
  readonly path: string;
  readonly #folder: string;

  constructor(configDir: string) {
    this.#folder = join(configDir, 'jail.d');
    this.path = join(this.#folder, IGNORE_FILE);
  }

  /** Its text; undefined when there is none. @throws {UnsafeFileError} when someone else could have written it */
  read(): string | undefined {
    let file: number;
    try {
      file = openSync(this.path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT') return undefined;
      throw new UnsafeFileError(this.path, `cannot be opened (${code ?? 'unknown'})`, { cause: error });
    }
    try {
      const stat = fstatSync(file);
      if (!stat.isFile() || stat.nlink !== 1) throw new UnsafeFileError(this.path, 'is not a plain file of its own');
      if (stat.uid !== ownUserId() || (stat.mode & 0o022) !== 0)
        throw new UnsafeFileError(this.path, 'could have been written by someone else');
      if (stat.size > MAX_BYTES) throw new UnsafeFileError(this.path, 'is too large');
      return readFileSync(file, 'utf8');
    } finally {
      closeSync(file);
    }
  }

  /** Replaces it in one step (0644); undefined removes it. @throws {UnsafeFileError} */
  write(text: string | undefined): void {
    this.#checkFolder();
    if (text === undefined) {
      rmSync(this.path, { force: true });
      return;
    }
    replaceWhole(this.path, text, 0o644);
  }

  #checkFolder(): void {
    mkdirSync(this.#folder, { mode: 0o755, recursive: true });
    const stat = lstatSync(this.#folder);
    if (!stat.isDirectory()) throw new UnsafeFileError(this.#folder, 'is not a folder (links are not followed)');
    if (stat.uid !== ownUserId() || (stat.mode & 0o022) !== 0)
      throw new UnsafeFileError(this.#folder, 'could have been written into by someone else');
  }
}
