import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { plainToInstance } from 'class-transformer';
import { IsString, validateSync } from 'class-validator';
import { IsListOf } from './list-of.js';

class Part {
  @IsString() readonly text!: string;
}
class Whole {
  @IsListOf(() => Part, 2) readonly parts!: Part[];
}

describe(IsListOf.name, () => {
  const isValid = (parts: unknown) =>
    validateSync(plainToInstance(Whole, { parts }), { whitelist: true, forbidNonWhitelisted: true }).length === 0;
  const part = { text: 'x' };

  it('takes lists of the class, up to the given length', () => {
    expect([[], [part], [part, part], [part, part, part]].map(isValid)).toEqual([true, true, true, false]);
  });

  it('takes nothing else: no lists in lists, no single part, no wrong, foreign or missing parts', () => {
    for (const parts of [
      [[part]],
      [[]],
      part,
      { 0: part, length: 1 },
      [{ text: 1 }],
      [{ ...part, more: 1 }],
      ['x'],
      [null],
      'x',
    ])
      expect([parts, isValid(parts)]).toEqual([parts, false]);
  });
});
