import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { tempDir, type TempDir } from '@bailiff/testing';
import { StateDatabase } from '../state/state-database.js';
import { ActionRates } from './action-rates.js';
import { IdleJails } from './idle-jails.js';

let dir: TempDir;
let state: StateDatabase;

beforeEach(async () => {
  dir = await tempDir();
  state = new StateDatabase(`${dir.path}/var`);
});
afterEach(async () => {
  state.close();
  await dir[Symbol.asyncDispose]();
});

describe(ActionRates, () => {
  it('says nothing of what was never measured, and leaves too little out', () => {
    const rates = new ActionRates(state);
    rates.note('web', 'restore', 4, 100);
    rates.note('web', 'lift', 50, 0);
    expect(rates.find('web', ['restore', 'lift', 'ban'])).toBeUndefined();
  });

  it('prefers the first kind asked for, over all that was seen, also after a restart', () => {
    const rates = new ActionRates(state);
    rates.note('web', 'ban', 1, 10);
    rates.note('web', 'restore', 100, 1_000);
    rates.note('web', 'restore', 100, 3_000);
    const again = new ActionRates(state);
    expect(again.find('web', ['restore', 'ban'])).toMatchObject({ kind: 'restore', perSecond: 50, bans: 200 });
    expect(again.find('mail', ['restore', 'ban'])).toBeUndefined();
  });

  it('follows a host that became slower', () => {
    const rates = new ActionRates(state);
    rates.note('web', 'ban', 10_000, 10_000);
    for (let n = 0; n < 12; n += 1) rates.note('web', 'ban', 5_000, 50_000);
    expect(rates.find('web', ['ban'])?.perSecond).toBeLessThan(120);
  });
});

describe(IdleJails, () => {
  it('forgets what started, was reloaded or stopped since, and nothing else', () => {
    const idle = new IdleJails(state);
    idle.set('web', true);
    idle.set('mail', true);
    const later = Date.now() + 1_000;
    idle.ended([
      { jail: 'other', atMs: later },
      { jail: 'web', atMs: later - 3_600_000 },
    ]);
    expect([idle.has('web'), idle.has('mail')]).toEqual([true, true]);
    idle.ended([{ jail: 'web', atMs: later }]);
    expect([idle.has('web'), new IdleJails(state).has('mail')]).toEqual([false, true]);
    idle.ended([{ jail: undefined, atMs: later }]);
    expect(new IdleJails(state).has('mail')).toBe(false);
  });
});
