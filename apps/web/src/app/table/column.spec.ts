import { describe, expect, it } from '@jest/globals';
import { type Column, columnTracks, fittingColumns } from './column';

const column = (id: string, min: number, priority: Column<unknown>['priority']): Column<unknown> => ({
  id,
  label: id,
  min,
  grow: 1,
  priority,
});
const columns = [column('a', 200, 1), column('b', 100, 3), column('c', 100, 2), column('d', 100, 3)];

describe(fittingColumns.name, () => {
  const ids = (width: number): string =>
    fittingColumns(columns, width)
      .map(({ id }) => id)
      .join('');

  it('leaves out the least important columns first, keeping the order', () => {
    expect([ids(1000), ids(500), ids(400), ids(300)]).toEqual(['abcd', 'abc', 'ac', 'a']);
  });

  it('never leaves out the most important ones', () => {
    expect(ids(10)).toBe('a');
  });
});

describe(columnTracks.name, () => {
  it('lets growing columns share the room', () => {
    expect(columnTracks([column('a', 200, 1), { ...column('b', 90, 1), grow: 0 }])).toBe('minmax(200px, 1fr) 90px');
  });
});
