import { describe, expect, it } from '@jest/globals';
import { en } from '../messages/en';
import { durationText, relativeText } from './relative-text';

const MINUTE = 60_000;

describe(relativeText.name, () => {
  it.each([
    [0, 'just now'],
    [-9_999, 'just now'],
    [-27_000, '20 s ago'],
    [-3 * MINUTE, '3 min ago'],
    [-119 * MINUTE, '1 h ago'],
    [-26 * 60 * MINUTE, 'yesterday'],
    [-50 * 60 * MINUTE, '2 days ago'],
    [7_000, 'in 7 s'],
    [12 * MINUTE, 'in 12 min'],
    [25 * 60 * MINUTE, 'tomorrow'],
  ])('says %d ms as %j', (ms, text) => {
    expect(relativeText(en.time, ms)).toBe(text);
  });
});

describe(durationText.name, () => {
  it.each([
    [-1, 'permanent'],
    [0, '0 s'],
    [45, '45 s'],
    [600, '10 min'],
    [5_400, '1 h 30 min'],
    [86_400, '1 day'],
    [604_800, '1 week'],
    [90_061, '1 day 1 h'],
  ])('says %d s as %j', (seconds, text) => {
    expect(durationText(en, seconds)).toBe(text);
  });
});
