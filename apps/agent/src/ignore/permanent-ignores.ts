import { compiledJails, type CompiledJail, refusalOf } from '../jails/config-stream.js';
import { flagOf } from '../jails/configured-jail.js';
import type { HostFail2ban } from '../jails/host-fail2ban.js';
import { toCommandError } from '../commands/command-failure.js';
import { sameEntry } from './ignore-entry.js';
import { IgnoreFile, type JailOverride, parseIgnoreFile, renderIgnoreFile } from './ignore-file.js';

/** What is to become of the configured ignore lists of some jails. */
export interface PermanentChange {
  readonly jails: readonly string[];
  readonly add: readonly string[];
  readonly remove: readonly string[];
  readonly ignoreself: boolean | undefined;
}

type Overrides = ReadonlyMap<string, JailOverride>;
type Jails = ReadonlyMap<string, CompiledJail>;

/**
 * Writes ignore lists into the configuration: one file of our own, checked with the host's fail2ban to say exactly what was
 * asked and nothing else. When it does not, the old file is put back.
 */
export class PermanentIgnores {
  readonly #file: IgnoreFile;

  constructor(private readonly host: HostFail2ban) {
    this.#file = new IgnoreFile(host.configDir);
  }

  /** Entries our own file adds, by jail; a list it replaces counts as a whole. */
  ours(): Overrides {
    const text = this.#file.read();
    return text === undefined ? new Map() : parseIgnoreFile(text, this.#file.path);
  }

  /** The configured jails. @returns fail2ban's own words when it cannot read its configuration */
  async configured(): Promise<Jails | string> {
    try {
      const stream = await this.host.compile();
      return stream.isOk ? compiledJails(stream) : (refusalOf(stream) ?? 'unknown');
    } catch (error) {
      return toCommandError(error).detail;
    }
  }

  /** @returns why nothing was changed; undefined when the configuration now says what was asked */
  async apply(change: PermanentChange): Promise<string | undefined> {
    const before = await this.configured();
    if (typeof before === 'string') return before;
    const missing = change.jails.filter((jail) => !before.has(jail));
    if (missing.length > 0) return `The configuration does not enable ${missing.join(', ')}`;
    const oldText = this.#file.read();
    const old = oldText === undefined ? new Map<string, JailOverride>() : parseIgnoreFile(oldText, this.#file.path);
    const wanted = new Map(change.jails.map((jail) => [jail, wantedList(before.get(jail)?.ignoreip ?? [], change)]));
    let problem: string | undefined;
    // Inheriting is better: later changes of other files still count. Where there is nothing to inherit, it fails.
    for (const isInheriting of [true, false]) {
      const next = nextOverrides(old, before, wanted, change.ignoreself, isInheriting);
      try {
        this.#file.write(next.size === 0 ? undefined : renderIgnoreFile(next));
        problem = await this.#verify(before, wanted, change.ignoreself);
        if (problem === undefined) return undefined;
      } catch (error) {
        this.#file.write(oldText);
        throw error;
      }
    }
    this.#file.write(oldText);
    return problem;
  }

  async #verify(before: Jails, wanted: ReadonlyMap<string, readonly string[]>, ignoreself: boolean | undefined) {
    const after = await this.configured();
    if (typeof after === 'string') return after;
    for (const [jail, compiled] of after) {
      const list = wanted.get(jail) ?? before.get(jail)?.ignoreip ?? [];
      if (!isSameList(compiled.ignoreip, list))
        return `fail2ban would read another list for ${jail}: ${compiled.ignoreip.join(' ')}`.slice(0, 2_000);
      if (
        ignoreself !== undefined &&
        wanted.has(jail) &&
        (flagOf(compiled.options.get('ignoreself')) === true) !== ignoreself
      )
        return `fail2ban would read another ignoreself for ${jail}`;
    }
    const lost = [...before.keys()].filter((jail) => !after.has(jail));
    if (lost.length > 0) return `fail2ban would not read ${lost.join(', ')} any more`;
    const test = await this.host.test();
    return test.isOk ? undefined : test.words;
  }
}

function wantedList(configured: readonly string[], { add, remove }: PermanentChange): string[] {
  const gone = new Set(remove.map(sameEntry));
  const kept = configured.filter((entry) => !gone.has(sameEntry(entry)));
  const known = new Set(kept.map(sameEntry));
  return [...kept, ...add.filter((entry) => !known.has(sameEntry(entry)))];
}

function nextOverrides(
  old: Overrides,
  before: Jails,
  wanted: ReadonlyMap<string, readonly string[]>,
  ignoreself: boolean | undefined,
  isInheriting: boolean,
): Overrides {
  const next = new Map(old);
  for (const [jail, list] of wanted) {
    const former = old.get(jail);
    const self = ignoreself ?? former?.ignoreself;
    next.set(jail, { ...overrideOf(former, before.get(jail)?.ignoreip ?? [], list, isInheriting), ignoreself: self });
  }
  return new Map([...next].filter(([, { entries, ignoreself: self }]) => entries !== undefined || self !== undefined));
}

function overrideOf(
  former: JailOverride | undefined,
  configured: readonly string[],
  list: readonly string[],
  isInheriting: boolean,
): Pick<JailOverride, 'mode' | 'entries'> {
  if (isSameList(configured, list)) return { mode: former?.mode ?? 'add', entries: former?.entries };
  const replaced = { mode: 'full', entries: list } as const;
  if (!isInheriting || (former?.mode === 'full' && former.entries !== undefined)) return replaced;
  const own = new Set((former?.entries ?? []).map(sameEntry));
  const inherited = configured.filter((entry) => !own.has(sameEntry(entry)));
  const wanted = new Set(list.map(sameEntry));
  // Taking away what other files say takes a list of our own.
  if (inherited.some((entry) => !wanted.has(sameEntry(entry)))) return replaced;
  const known = new Set(inherited.map(sameEntry));
  const added = list.filter((entry) => !known.has(sameEntry(entry)));
  return { mode: 'add', entries: added.length === 0 ? undefined : added };
}

function isSameList(one: readonly string[], other: readonly string[]): boolean {
  const [a, b] = [new Set(one.map(sameEntry)), new Set(other.map(sameEntry))];
  return a.size === b.size && [...a].every((entry) => b.has(entry));
}
