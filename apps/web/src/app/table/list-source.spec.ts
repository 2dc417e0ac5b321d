import { signal } from '@angular/core';
import { describe, expect, it } from '@jest/globals';
import { ListSource } from './list-source';
import { localTableQuery } from './table-query';

interface Row {
  readonly name: string;
  readonly size: number | null;
}

describe(ListSource.name, () => {
  const all = signal<readonly Row[] | undefined>([
    { name: 'beta', size: 10 },
    { name: 'Alpha', size: null },
    { name: 'gamma', size: 9 },
  ]);
  const error = signal<unknown>(undefined);
  const query = localTableQuery({ sort: 'name' });
  const source = new ListSource<Row>({
    all,
    error,
    reload: () => undefined,
    key: ({ name }) => name,
    query,
    text: ({ name }) => name,
    fits: (row, { known }) => known === undefined || row.size !== null,
    sortBy: { name: ({ name }) => name, size: ({ size }) => size },
  });
  const names = (): string[] => source.rows().map(({ name }) => name);

  it('sorts text as people do, numbers as numbers, and what is unknown last both ways', () => {
    expect(names()).toEqual(['Alpha', 'beta', 'gamma']);
    query.set({ sort: 'size' });
    expect(names()).toEqual(['gamma', 'beta', 'Alpha']);
    query.set({ sort: '-size' });
    expect(names()).toEqual(['beta', 'gamma', 'Alpha']);
  });

  it('searches and filters', () => {
    query.set({ sort: 'name', q: 'A', filters: { known: 'yes' } });
    expect([names(), source.total()]).toEqual([['beta', 'gamma'], 2]);
    query.set({ q: '', filters: { known: '' } });
  });

  it('tells loading from failing', () => {
    all.set(undefined);
    expect(source.phase()).toBe('first');
    error.set(new Error('gone'));
    expect(source.phase()).toBe('failed');
  });
});
