/** Longest wait for a full reply by class of command, milliseconds, waiting for other commands included. */
export interface CommandTimeouts {
  /** `ping`, `version`, `server-status`: answered in microseconds by a server that has time. */
  readonly probe: number;
  /** Small reads. */
  readonly read: number;
  /** Whole ban lists: 0.5 s for 50,000 bans, during which the server does nothing else. */
  readonly list: number;
  /** Settings. */
  readonly write: number;
  /** Whatever runs actions: bans, unbans, stop, action methods. */
  readonly action: number;
  /** Reload, streams, and stopping the server: they restart whole jails. */
  readonly reload: number;
}

/** Class of a command, for its deadline. */
export type CommandClass = keyof CommandTimeouts;

/** Generous for a loaded host: commands queue behind each other, since the server does one at a time. */
export const DEFAULT_TIMEOUTS: CommandTimeouts = {
  probe: 2_000,
  read: 10_000,
  list: 60_000,
  write: 30_000,
  action: 120_000,
  reload: 300_000,
};

const PROBES = new Set(['ping', 'version', 'server-status']);
const RELOADS = new Set(['reload', 'server-stream']);
const ACTION_SETTERS = new Set(['banip', 'unbanip', 'action', 'delaction']);

/** Class of a raw command, by its first words. */
export function classOf(words: readonly unknown[]): CommandClass {
  const [first, , third] = words;
  if (typeof first !== 'string') return 'read';
  if (PROBES.has(first)) return 'probe';
  if (RELOADS.has(first)) return 'reload';
  if (first === 'stop') return words.length === 1 || words[1] === '--all' ? 'reload' : 'action';
  if (first === 'unban' || first === 'start') return 'action';
  if (first === 'banned' || first === 'status') return 'list';
  if (first === 'set' || first === 'multi-set') return ACTION_SETTERS.has(String(third)) ? 'action' : 'write';
  if (first === 'get' && (third === 'banip' || third === 'banned')) return 'list';
  return first === 'get' || first === 'echo' ? 'read' : 'write';
}
