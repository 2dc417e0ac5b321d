import { describe, expect, it } from '@jest/globals';
import { eventually } from './eventually.js';
import { WaitTimeoutError } from './testing.errors.js';

describe(eventually, () => {
  it('answers the first result that is not false', async () => {
    const answers = [false, false, 0, 1];
    expect(await eventually(() => answers.shift() ?? 2, { everyMs: 1 })).toBe(0);
    expect(answers).toEqual([1]);
  });

  it('takes a check that merely does not throw as come true', async () => {
    let tries = 0;
    await eventually(
      () => {
        tries += 1;
        expect(tries).toBe(3);
      },
      { everyMs: 1 },
    );
    expect(tries).toBe(3);
  });

  it('says what it waited for and what went wrong last', async () => {
    const cause = new Error('no ban yet');
    const waiting = eventually(() => Promise.reject(cause), { withinMs: 20, everyMs: 1, what: 'the ban' });
    await expect(waiting).rejects.toThrow(/20 ms in vain for the ban: no ban yet/);
    await expect(waiting).rejects.toBeInstanceOf(WaitTimeoutError);
    await expect(waiting).rejects.toMatchObject({ code: 'testing/wait-timeout', cause });
  });

  it('gives up on a check that hangs', async () => {
    await expect(eventually(() => new Promise(() => undefined), { withinMs: 20 })).rejects.toBeInstanceOf(
      WaitTimeoutError,
    );
  });

  it('goes on after a wait inside the check timed out', async () => {
    let tries = 0;
    const inner = (): Promise<true> => eventually(() => (tries += 1) > 3 && true, { withinMs: 0 });
    expect(await eventually(inner, { everyMs: 1 })).toBe(true);
  });
});
