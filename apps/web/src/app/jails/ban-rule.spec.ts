import { TestBed } from '@angular/core/testing';
import { describe, expect, it } from '@jest/globals';
import { Format } from '../display/format';
import { en } from '../messages/en';
import { banRule } from './ban-rule';

describe(banRule.name, () => {
  it('says for how long, also where a ban has no end', () => {
    const format = TestBed.inject(Format);
    const jail = { maxretry: 3, findtimeSeconds: 600 };
    expect(banRule(en.jails, format, { ...jail, bantimeSeconds: 3_600 })).toBe(en.jails.rule('3', '10 min', '1 h'));
    expect(banRule(en.jails, format, { ...jail, bantimeSeconds: -1 })).toBe(en.jails.rule('3', '10 min', null));
  });
});
