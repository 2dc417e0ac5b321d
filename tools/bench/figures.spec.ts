import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';

import { figure, type BenchRow } from './figure.ts';
import { inTurn, quantile } from './quantile.ts';
import { readSections, writeScaleDocument } from './scale-document.ts';

describe(figure.name, () => {
  it('holds a value against its goal before rounding it', () => {
    expect(figure('P1', 'a', 3.0049, 'x', { atMost: 3 })).toEqual({
      row: 'P1',
      what: 'a',
      value: 3,
      unit: 'x',
      goal: '<= 3',
      holds: false,
    });
    expect(figure('P1', 'a', 199.99, 'x', { atLeast: 200 }).holds).toBe(false);
    expect(figure('P1', 'a', 200, 'x', { atLeast: 200 }).holds).toBe(true);
    expect(figure('P1', 'a', Number.NaN, 'x', { atMost: 3 }).holds).toBe(false);
  });
});

describe(quantile.name, () => {
  it('takes the nearest rank', () => {
    const samples = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect([0, 0.5, 0.99, 1].map((q) => quantile(samples, q))).toEqual([1, 50, 99, 100]);
    expect(quantile([], 0.5)).toBeNaN();
  });
});

describe(inTurn.name, () => {
  it('alternates who goes first', async () => {
    const order: string[] = [];
    const contender = (name: string) => () => Promise.resolve([order.push(name)]);
    await inTurn(2, { a: contender('a'), b: contender('b') });
    expect(order).toEqual(['a', 'b', 'b', 'a']);
  });
});

describe(writeScaleDocument.name, () => {
  it('renews the sections that were run and keeps the others', () => {
    const dir = mkdtempSync(join(tmpdir(), 'bailiff-scale-'));
    const path = join(dir, 'scale.md');
    const row = (id: string): BenchRow => ({
      id,
      title: `title of ${id}`,
      method: 'method',
      run: () => Promise.resolve(),
    });
    const kept = ['P2 kept', 'P5b a part, kept', 'P10 also kept'].map((title) => `## ${title}\n\ntext\n`);
    writeFileSync(path, ['# old heading\n', ...kept].join('\n'));
    writeScaleDocument(
      path,
      [{ row: row('P5'), figures: [figure('P5', 'what', 1, 'ms', { atMost: 2 })] }],
      new Date(0),
    );
    const text = readFileSync(path, 'utf8');
    rmSync(dir, { recursive: true });
    expect([...readSections(text).keys()]).toEqual(['P2', 'P5', 'P5b', 'P10']);
    expect(text).toContain('| what | 1 ms     | <= 2 | yes   |');
    expect(text).toContain('1970-01-01');
    expect(text).not.toContain('old heading');
  });
});
