import { TestBed } from '@angular/core/testing';
import { describe, expect, it } from '@jest/globals';
import { Format } from './format';

describe(Format.name, () => {
  it.each([
    [0, '0%'],
    [0.0004, '< 0.1%'],
    [0.007, '0.7%'],
    [0.0525, '5.3%'],
    [0.214, '21%'],
  ])('writes the share %d as %s', (share, text) => {
    expect(TestBed.inject(Format).finePercent(share)).toBe(text);
  });
});
