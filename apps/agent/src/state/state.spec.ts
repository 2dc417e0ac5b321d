import { chmodSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { TicketEvent } from '@bailiff/contracts/agent';
import { tempDir, type TempDir } from '@bailiff/testing';
import { BootCounter } from './boot-counter.js';
import { OriginMarks } from './origin-marks.js';
import { Outbox } from './outbox.js';
import { SqliteJournal } from './sqlite-journal.js';
import { NewerStateError, StateDatabase } from './state-database.js';
import { UnsafeFileError } from './unsafe-file.error.js';

const ticket = (kind: TicketEvent['kind'], n: number, more: Partial<TicketEvent> = {}): TicketEvent => ({
  kind,
  jail: 'demo',
  address: `192.0.2.${n}`,
  atMs: 1_800_000_000_000 + n,
  ...more,
});

describe(StateDatabase.name, () => {
  let dir: TempDir;
  let path: string;
  let state: StateDatabase;
  const reopen = () => {
    state.close();
    state = new StateDatabase(path);
  };

  beforeEach(async () => {
    dir = await tempDir();
    path = `${dir.path}/state`;
    state = new StateDatabase(path);
  });
  afterEach(async () => {
    state.close();
    await dir[Symbol.asyncDispose]();
  });

  it('is for its owner only', () => {
    expect(statSync(path).mode & 0o777).toBe(0o700);
    expect(statSync(`${path}/state.sqlite3`).mode & 0o777).toBe(0o600);
    chmodSync(`${path}/state.sqlite3`, 0o644);
    expect(() => new StateDatabase(path)).toThrow(UnsafeFileError);
    chmodSync(`${path}/state.sqlite3`, 0o600);
    chmodSync(path, 0o755);
    expect(() => new StateDatabase(path)).toThrow(UnsafeFileError);
    chmodSync(path, 0o700);
  });

  it('follows no link', () => {
    mkdirSync(`${dir.path}/other`, { mode: 0o700 });
    writeFileSync(`${dir.path}/elsewhere`, '', { mode: 0o600 });
    symlinkSync(`${dir.path}/elsewhere`, `${dir.path}/other/state.sqlite3`);
    expect(() => new StateDatabase(`${dir.path}/other`)).toThrow(/link/);
    symlinkSync(path, `${dir.path}/linked`);
    expect(() => new StateDatabase(`${dir.path}/linked`)).toThrow(/link/);
  });

  it('refuses the file of a newer agent', () => {
    const other = new DatabaseSync(`${path}/state.sqlite3`);
    other.exec('PRAGMA user_version = 99');
    other.close();
    expect(() => new StateDatabase(path)).toThrow(NewerStateError);
  });

  it('takes back a transaction that fails', () => {
    const outbox = new Outbox(state);
    expect(() =>
      state.transaction(() => {
        outbox.add([ticket('ban', 1)]);
        throw new RangeError('no');
      }),
    ).toThrow(RangeError);
    outbox.recount();
    expect(outbox.size).toBe(0);
    expect(outbox.batchAfter(0)).toBeUndefined();
  });

  describe(BootCounter.name, () => {
    it('grows, also across restarts', async () => {
      expect(await new BootCounter(state).next()).toBe(1);
      expect(await new BootCounter(state).next()).toBe(2);
      reopen();
      expect(await new BootCounter(state).next()).toBe(3);
    });
  });

  describe(SqliteJournal.name, () => {
    it('lets an id begin once, also across restarts, and remembers how it ended', async () => {
      const journal = new SqliteJournal(state);
      expect(await journal.begin('a', 'bans.ban')).toBe('new');
      expect(await journal.begin('a', 'bans.ban')).toBe('seen');
      expect(await journal.outcome('a')).toEqual({ state: 'begun' });
      expect(await journal.outcome('b')).toBeUndefined();
      reopen();
      const after = new SqliteJournal(state);
      expect(await after.begin('a', 'bans.ban')).toBe('seen');
      await after.finish('a', { state: 'done', ok: true, result: { unbanned: 1 } });
      expect(await after.outcome('a')).toEqual({ state: 'done', ok: true, result: { unbanned: 1 } });
    });
  });

  describe(Outbox.name, () => {
    it('numbers failures, the same whenever they are handed out again, and higher for ever after', () => {
      const outbox = new Outbox(state);
      const numbers = () => outbox.batchAfter(0)?.tickets.map(({ number }) => number ?? 0) ?? [];
      state.transaction(() => outbox.add([ticket('found', 1), ticket('ban', 1), ticket('found', 1)]));
      const first = numbers();
      expect(first.map((number) => number > 0)).toEqual([true, false, true]);
      expect(numbers()).toEqual(first);
      outbox.removeUpTo(Number.MAX_SAFE_INTEGER);
      reopen();
      const again = new Outbox(state);
      state.transaction(() => again.add([ticket('found', 1)]));
      const next = again.batchAfter(0)?.tickets[0]?.number ?? 0;
      expect(next).toBeGreaterThan(Math.max(...first));
    });

    it('hands out tickets in order, in events of at most 500 tickets and 200 KiB', () => {
      const outbox = new Outbox(state);
      const big = 'x'.repeat(1_900);
      state.transaction(() => outbox.add(Array.from({ length: 1_200 }, (_, n) => ticket('ban', n))));
      state.transaction(() => outbox.add(Array.from({ length: 300 }, (_, n) => ticket('ban', n, { matches: [big] }))));
      const sizes: number[] = [];
      let seen = 0;
      for (let after = 0; ;) {
        const batch = outbox.batchAfter(after);
        if (batch === undefined) break;
        expect(Buffer.byteLength(JSON.stringify({ tickets: batch.tickets }))).toBeLessThanOrEqual(200 * 1024 + 20);
        sizes.push(batch.tickets.length);
        seen += batch.tickets.length;
        after = batch.lastId;
      }
      expect(seen).toBe(1_500);
      expect(sizes[0]).toBe(500);
    });

    it('keeps what is not acknowledged, also across restarts', () => {
      const outbox = new Outbox(state);
      state.transaction(() => outbox.add([ticket('ban', 1), ticket('unban', 1), ticket('ban', 2)]));
      reopen();
      const after = new Outbox(state);
      expect(after.size).toBe(3);
      const [first] = after.batchAfter(0)?.tickets ?? [];
      expect(first).toEqual(ticket('ban', 1));
      after.removeUpTo((after.batchAfter(0)?.lastId ?? 0) - 1);
      expect(after.batchAfter(0)?.tickets).toEqual([ticket('ban', 2)]);
      expect(after.size).toBe(1);
    });

    it('drops failures, never bans, when there is no room, and counts them', () => {
      const outbox = new Outbox(state, { foundRows: 10, foundBytes: 1 << 20, pauseBytes: 2_000 });
      state.transaction(() => outbox.add(Array.from({ length: 10 }, (_, n) => ticket(n < 5 ? 'found' : 'ban', n))));
      state.transaction(() => outbox.add([ticket('found', 20), ticket('ban', 21)]));
      expect(outbox.dropped).toBe(6);
      expect(outbox.batchAfter(0)?.tickets.map(({ kind }) => kind)).toEqual(Array(6).fill('ban'));
      expect(outbox.isFull).toBe(false);
      state.transaction(() => outbox.add(Array.from({ length: 30 }, (_, n) => ticket('ban', n))));
      expect(outbox.isFull).toBe(true);
    });
  });

  describe(OriginMarks.name, () => {
    it('labels bans made while an operator asked for them, and no others', () => {
      const marks = new OriginMarks(state);
      const now = Date.now();
      expect(marks.originOf('demo', '192.0.2.1', now)).toBe('selfblock');
      marks.begin('demo', '192.0.2.1', 'manual')(true);
      expect(marks.originOf('demo', '192.0.2.1', now)).toBe('manual');
      expect(marks.originOf('demo', '192.0.2.1', now - 60_000)).toBe('selfblock');
      expect(marks.originOf('demo', '192.0.2.1', now + 60_000)).toBe('selfblock');
      expect(marks.originOf('other', '192.0.2.1', now)).toBe('selfblock');
    });

    it('forgets a mark that changed nothing, and keeps the one before it', () => {
      const marks = new OriginMarks(state);
      marks.begin('demo', '192.0.2.2', 'manual')(false);
      expect(marks.originOf('demo', '192.0.2.2', Date.now())).toBe('selfblock');
      marks.begin('demo', '192.0.2.3', 'manual')(true);
      const bannedMs = Date.now();
      marks.begin('demo', '192.0.2.3', 'manual')(false);
      expect(marks.originOf('demo', '192.0.2.3', bannedMs)).toBe('manual');
    });
  });
});
