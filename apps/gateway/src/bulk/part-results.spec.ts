import { describe, expect, it } from '@jest/globals';
import type { BulkFailure, BulkPart } from '@bailiff/persistence';
import { countResults, reasonAt } from './part-results.js';

const part = (results: string, state: BulkPart['state'] = 'running'): BulkPart => ({
  jobId: 'a',
  number: 0,
  hostId: '0123456789abcdef',
  hostName: 'web-1',
  jail: 'sshd',
  state,
  results,
  code: state === 'failed' ? 'agent/offline' : null,
  detail: null,
  heardAtMs: null,
});
const run = (fromPosition: number, toPosition: number, detail: string): BulkFailure => ({
  jobId: 'a',
  part: 0,
  fromPosition,
  toPosition,
  code: 'x',
  detail,
});

describe(countResults, () => {
  it('counts every letter, and gives the rest what the part came to', () => {
    const counts = { done: 3, unchanged: 1, failed: 2, refused: 1, cancelled: 1 };
    expect(countResults(part('ddufdfrc'), 10)).toEqual({ ...counts, pending: 2 });
    expect(countResults(part('ddufdfrc', 'failed'), 10)).toEqual({ ...counts, failed: 4, pending: 0 });
    expect(countResults(part('ddufdfrc', 'cancelled'), 10)).toEqual({ ...counts, cancelled: 3, pending: 0 });
  });
});

describe(reasonAt, () => {
  it('finds the run that holds a position, or what the part came to', () => {
    const runs = [run(1, 2, 'one'), run(4, 7, 'some'), run(7, 8, 'next')];
    const details = [0, 1, 2, 4, 6, 7, 8].map((position) => reasonAt(part('dfddfffff'), runs, position).detail);
    expect(details).toEqual([null, 'one', null, 'some', 'some', 'next', null]);
    expect(reasonAt(part('d', 'failed'), [], 3).code).toBe('agent/offline');
  });
});
