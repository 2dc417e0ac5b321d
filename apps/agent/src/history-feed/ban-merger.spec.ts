import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { tempDir, type TempDir } from '@bailiff/testing';
import type { TicketEvent } from '@bailiff/contracts/agent';
import { OriginMarks } from '../state/origin-marks.js';
import { StateDatabase } from '../state/state-database.js';
import { BanMerger, type FeedSlice } from './ban-merger.js';
import type { BanRow } from './ban-row.js';
import type { FeedLine } from './feed-line.js';
import { PairingStore } from './pairing-store.js';

const T = 1_800_000_000; // seconds
const GRACE_MS = 7_000;
const IP = '192.0.2.7';

const row = (atSeconds: number, more: Partial<BanRow> = {}): BanRow => ({
  rowid: 1,
  jail: 'demo',
  address: IP,
  atSeconds: T + atSeconds,
  bantimeSeconds: 600,
  banCount: 1,
  data: undefined,
  ...more,
});
const line = (kind: FeedLine['kind'], atSeconds: number, address = IP): FeedLine => ({
  kind,
  jail: 'demo',
  address,
  atMs: Math.round((T + atSeconds) * 1000),
});

describe(BanMerger.name, () => {
  let dir: TempDir;
  let state: StateDatabase;
  let marks: OriginMarks;
  let merger: BanMerger;

  /** Merges one slice read `atSeconds` after T; answers e.g. `ban@10 unban@11.5`. */
  const merge = (atSeconds: number, slice: Partial<FeedSlice>): string =>
    tickets(atSeconds, slice)
      .map(({ kind, atMs }) => `${kind}@${(atMs - T * 1000) / 1000}`)
      .join(' ');
  const tickets = (atSeconds: number, slice: Partial<FeedSlice>): TicketEvent[] =>
    state.transaction(() =>
      merger.merge({
        lines: [],
        rows: [],
        nowMs: (T + atSeconds) * 1000,
        isDrained: true,
        graceMs: GRACE_MS,
        ...slice,
      }),
    );

  beforeEach(async () => {
    dir = await tempDir();
    state = new StateDatabase(`${dir.path}/state`);
    marks = new OriginMarks(state);
    merger = new BanMerger(new PairingStore(state), marks);
  });
  afterEach(async () => {
    state.close();
    await dir[Symbol.asyncDispose]();
  });

  it('makes one ban of a row and its line, whichever is read first', () => {
    expect(merge(10, { rows: [row(9)], lines: [line('ban', 9.3)] })).toBe('ban@9');
    expect(merge(21, { rows: [row(20, { address: '192.0.2.8' })] })).toBe('ban@20');
    expect(merge(22, { lines: [line('ban', 20.2, '192.0.2.8')] })).toBe('');
    expect(merge(31, { lines: [line('ban', 30.2, '192.0.2.9')] })).toBe('');
    expect(merge(32, { rows: [row(30, { address: '192.0.2.9' })] })).toBe('ban@30');
    expect(merge(100, {})).toBe('');
  });

  it('takes a row seen before as nothing new', () => {
    expect(merge(10, { rows: [row(9), row(9)] })).toBe('ban@9');
    expect(merge(11, { rows: [row(9)] })).toBe('');
  });

  it('sends a line as a ban of its own when no row came in time, once', () => {
    expect(merge(10, { lines: [line('ban', 9.4)] })).toBe('');
    expect(merge(16.9, {})).toBe('');
    expect(merge(17, { isDrained: false })).toBe('');
    expect(merge(17, {})).toBe('ban@9');
    expect(merge(60, { rows: [row(9)] })).toBe('');
    expect(merge(61, { rows: [row(9)] })).toBe('');
  });

  it('knows the late row of such a line also by another second', () => {
    merge(10, { lines: [line('ban', 9.4)] });
    expect(merge(17, {})).toBe('ban@9');
    expect(merge(18, { rows: [row(3)] })).toBe('');
    expect(merge(400, { rows: [row(390)], lines: [line('ban', 390.2)] })).toBe('ban@390');
  });

  it('sends a line at once when there is no database', () => {
    expect(merge(10, { lines: [line('ban', 9.4)], graceMs: 0 })).toBe('ban@9');
  });

  it('sends a ban whose row was deleted by a quick unban before that unban', () => {
    expect(merge(12, { lines: [line('ban', 9.4), line('unban', 9.6)] })).toBe('ban@9 unban@9.6');
    merge(12, { lines: [line('ban', 20.4)] });
    expect(merge(22, { lines: [line('unban', 21)] })).toBe('ban@20 unban@21');
    expect(merge(60, {})).toBe('');
  });

  it('keeps the order of ban, unban and ban of one address', () => {
    expect(
      merge(40, {
        rows: [row(10), row(30)],
        lines: [line('ban', 10.1), line('unban', 20), line('ban', 30.1)],
      }),
    ).toBe('ban@10 unban@20 ban@30');
    expect(merge(50, {})).toBe('');
  });

  it('keeps that order when a manual unban deleted the first row', () => {
    expect(merge(40, { rows: [row(30)], lines: [line('ban', 10.1), line('unban', 20), line('ban', 30.1)] })).toBe(
      'ban@10 unban@20 ban@30',
    );
  });

  it('keeps apart two bans of one address within one second', () => {
    expect(merge(40, { rows: [row(10)], lines: [line('ban', 10.1), line('unban', 10.3), line('ban', 10.6)] })).toBe(
      'ban@10.1 unban@10.3 ban@10',
    );
    expect(merge(50, {})).toBe('');
  });

  it('puts a row whose line is still to be read behind the lines before it', () => {
    expect(merge(40, { rows: [row(40)], lines: [line('unban', 39.9)] })).toBe('unban@39.9 ban@40');
    expect(merge(41, { lines: [line('ban', 40.1)] })).toBe('');
  });

  it('does not take the row of another ban for a line whose row was lost', () => {
    expect(merge(400, { rows: [row(10), row(300)], lines: [] })).toBe('ban@10 ban@300');
    expect(merge(401, { lines: [line('ban', 10.2), line('unban', 100), line('ban', 150), line('unban', 200)] })).toBe(
      'unban@100 ban@150 unban@200',
    );
    expect(merge(402, { lines: [line('ban', 300.1)] })).toBe('');
    expect(merge(500, {})).toBe('');
  });

  it('does not take an old row without a line for the row of a new line', () => {
    expect(merge(10, { rows: [row(5)] })).toBe('ban@5');
    expect(merge(1000, { lines: [line('ban', 999)] })).toBe('');
    expect(merge(1010, {})).toBe('ban@999');
  });

  it('takes failures dated ahead of the clock for what they are', () => {
    expect(merge(10, { rows: [row(55)], lines: [line('ban', 9.9)] })).toBe('ban@55');
    expect(merge(80, {})).toBe('');
    expect(merge(110, { rows: [row(155)], lines: [line('ban', 109.9)] })).toBe('ban@155');
    expect(merge(800, { lines: [line('unban', 755)] })).toBe('unban@755');
    expect(merge(900, {})).toBe('');
  });

  it('does not take the row of the next ban for one dated ahead', () => {
    const lines = [line('ban', 10.1), line('unban', 10.2), line('ban', 10.3), line('unban', 10.4)];
    expect(merge(11, { lines })).toBe('ban@10 unban@10.2 ban@10.3 unban@10.4');
    expect(merge(11, { rows: [row(11)], lines: [] })).toBe('ban@11');
    expect(merge(11, { lines: [line('ban', 10.8)] })).toBe('');
    expect(merge(60, {})).toBe('');
  });

  it('reports fresh failures and no old ones', () => {
    expect(merge(1000, { lines: [line('found', 999.5), line('found', 1)] })).toBe('found@999.5');
  });

  it('labels what an operator banned', () => {
    const done = marks.begin('demo', IP, 'manual');
    done(true);
    const now = Math.round(Date.now() / 1000) - T;
    const [ban] = tickets(now + 1, { rows: [row(now)], lines: [line('ban', now)] });
    expect(ban?.origin).toBe('manual');
    expect(tickets(now + 200, { rows: [row(now + 100)] })[0]?.origin).toBe('selfblock');
  });

  it('carries what the row knows, and survives hostile data', () => {
    const data = JSON.stringify({ failures: 5, matches: ['a'.repeat(3000), ['x ', '10:00', ' y\n'], 7, null] });
    const [ban] = tickets(10, {
      rows: [row(9, { data, address: '::ffff:192.0.2.1', bantimeSeconds: -1, banCount: 3 })],
    });
    expect(ban).toMatchObject({ address: '192.0.2.1', failures: 5, bantimeSeconds: -1, banCount: 3 });
    expect(ban?.matches).toEqual(['a'.repeat(2000), 'x 10:00 y', '', '']);
    for (const broken of ['{', '[]', 'null', '"x"', '{"matches":{"length":9},"failures":"many"}']) {
      const [plain] = tickets(10, { rows: [row(8, { data: broken, address: broken })] });
      expect(plain).not.toHaveProperty('matches');
    }
    expect(merge(10, { rows: [row(9, { address: '' }), row(9, { jail: '' })] })).toBe('');
  });
});
