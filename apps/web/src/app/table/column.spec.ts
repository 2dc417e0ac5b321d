import { describe, expect, it } from '@jest/globals';
import { type Column, columnTracks, fittingColumns, nextSort } from './column';

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

  it('keeps a column that was asked for while any other can go', () => {
    const chosen = (width: number) => fittingColumns(columns, width, (id) => id === 'd').map(({ id }) => id);
    expect([chosen(500), chosen(400), chosen(250)]).toEqual([['a', 'c', 'd'], ['a', 'd'], ['a']]);
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

describe(nextSort.name, () => {
  it('starts with names from A and numbers from the top, then turns round', () => {
    const name = { ...column('name', 1, 1), sort: 'name' };
    const count = { ...column('count', 1, 1), sort: 'count', end: true };
    expect([nextSort(name, '-count'), nextSort(name, 'name'), nextSort(name, '-name')]).toEqual([
      'name',
      '-name',
      'name',
    ]);
    expect([nextSort(count, 'name'), nextSort(count, '-count'), nextSort(count, 'count')]).toEqual([
      '-count',
      'count',
      '-count',
    ]);
  });
});
