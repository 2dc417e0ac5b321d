import type { PyValue } from '../codec/py-value.js';
import { MalformedReplyError } from '../errors/malformed-reply.error.js';
import { expectIds, expectList, expectNumber, expectText, expectTexts } from './expect.js';

/** Counters of a jail since fail2ban started. */
export interface JailCounters {
  /** Ids with failures that are not banned yet. */
  readonly currentlyFailed: number;
  readonly totalFailed: number;
  readonly currentlyBanned: number;
  readonly totalBanned: number;
}

/** What `status JAIL` tells. Of `logpaths` and `journalMatches` a jail has one, the other is empty. */
export interface JailStatus extends JailCounters {
  readonly logpaths: readonly string[];
  readonly journalMatches: readonly string[];
  /** In no particular order. Absent in the short form. */
  readonly bannedIds?: readonly string[];
}

/** What the `stats` flavour tells. */
export interface JailStats extends JailCounters {
  /** e.g. `polling`, `pyinotify`, `systemd`. */
  readonly backend: string;
}

/** Reads `(label, value)` pairs by label: their order is not a promise. */
function labelled(value: PyValue | undefined, what: string): Map<string, PyValue> {
  return new Map(
    expectList(value, what).map((pair) => {
      const [label, content] = expectList(pair, what);
      if (content === undefined) throw new MalformedReplyError(`${what} has a label without a value`);
      return [expectText(label, what), content];
    }),
  );
}

/** Reads the reply of `status`. Names are fail2ban's own and need not pass `isJailName`. */
export function readServerStatus(value: PyValue): { count: number; jails: string[] } {
  const status = labelled(value, 'status');
  const list = expectText(status.get('Jail list'), 'Jail list');
  return {
    count: expectNumber(status.get('Number of jail'), 'Number of jail'),
    jails: list === '' ? [] : list.split(', '),
  };
}

/** Reads the reply of `status JAIL`, with or without the list of banned ids. */
export function readJailStatus(value: PyValue | undefined): JailStatus {
  const status = labelled(value, 'status');
  const filter = labelled(status.get('Filter'), 'Filter');
  const actions = labelled(status.get('Actions'), 'Actions');
  const banned = actions.get('Banned IP list');
  const counters = {
    currentlyFailed: expectNumber(filter.get('Currently failed'), 'Currently failed'),
    totalFailed: expectNumber(filter.get('Total failed'), 'Total failed'),
    currentlyBanned: expectNumber(actions.get('Currently banned'), 'Currently banned'),
    totalBanned: expectNumber(actions.get('Total banned'), 'Total banned'),
    logpaths: expectTexts(filter.get('File list') ?? [], 'File list'),
    journalMatches: expectTexts(filter.get('Journal matches') ?? [], 'Journal matches'),
  };
  return banned === undefined ? counters : { ...counters, bannedIds: expectIds(banned, 'Banned IP list') };
}

/** Reads one jail's part of the `stats` flavour: `[backend, (failed, total), (banned, total)]`. */
export function readJailStats(value: PyValue | undefined): JailStats {
  const [backend, failed, banned] = expectList(value, 'stats');
  const [currentlyFailed, totalFailed] = expectList(failed, 'failed');
  const [currentlyBanned, totalBanned] = expectList(banned, 'banned');
  return {
    backend: expectText(backend, 'backend'),
    currentlyFailed: expectNumber(currentlyFailed, 'failed'),
    totalFailed: expectNumber(totalFailed, 'failed'),
    currentlyBanned: expectNumber(currentlyBanned, 'banned'),
    totalBanned: expectNumber(totalBanned, 'banned'),
  };
}
