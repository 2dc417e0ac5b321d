import { describe, expect, it } from '@jest/globals';
import { parseNetwork } from '@bailiff/ip';
import { judgeList } from './judge-list.js';
import type { ReadList } from './list-reader.js';

const listOf = (...texts: string[]): ReadList => ({
  lines: texts.length,
  duplicates: 0,
  invalid: 0,
  entries: new Map(texts.map((text, index) => [parseNetwork(text), index + 1])),
  problems: [],
});

describe(judgeList.name, () => {
  it('leaves out what must not be banned, and says where it stands and why', () => {
    const list = listOf('192.0.2.1', '10.1.2.3', '192.0.0.0/8', '198.51.100.7', 'fe80::1', '::1', '203.0.113.5');
    const finding = { address: '198.51.100.7', owner: 'operator' as const, protects: '198.51.100.7', detail: 'you' };
    const { entries, preview } = judgeList(list, 'ban', [finding]);
    expect(entries).toEqual(['192.0.2.1', '203.0.113.5']);
    expect(preview.faults).toEqual({ invalid: 0, 'too-wide': 1, private: 3, protected: 1 });
    expect(preview.problems.map(({ line, text, fault }) => [line, text, fault])).toEqual([
      [2, '10.1.2.3', 'private'],
      [3, '192.0.0.0/8', 'too-wide'],
      [4, '198.51.100.7', 'protected'],
      [5, 'fe80::1', 'private'],
      [6, '::1', 'private'],
    ]);
  });

  it('lets everything be unbanned', () => {
    expect(judgeList(listOf('10.1.2.3', '0.0.0.0/0'), 'unban', []).entries).toHaveLength(2);
  });

  it('tells networks that cover others', () => {
    const list = listOf(
      '192.0.2.0/24',
      '192.0.2.7',
      '192.0.2.128/25',
      '198.51.100.0/25',
      '198.51.100.128/25',
      '203.0.113.1',
    );
    expect(judgeList(list, 'ban', []).preview).toMatchObject({
      entries: 6,
      networks: 4,
      covered: 2,
      coveredSample: [
        { address: '192.0.2.7', network: '192.0.2.0/24' },
        { address: '192.0.2.128/25', network: '192.0.2.0/24' },
      ],
    });
  });
});
