import { describe, expect, it } from '@jest/globals';
import 'reflect-metadata';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { BanRequest } from './bans.js';
import { Preferences } from './setup.js';

const check = <T extends object>(type: new () => T, value: object) =>
  validateSync(plainToInstance(type, value), {
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
  }).map((error) => error.property);

const hostIds = ['00112233aabbccdd'];

describe(BanRequest.name, () => {
  it('accepts addresses and networks of both families', () => {
    expect(check(BanRequest, { hostIds, jails: ['sshd'], addresses: ['192.0.2.7', '2001:db8::/48'] })).toEqual([]);
  });

  it.each(['192.0.2.010', 'example.org', '192.0.2.7;id', '192.0.2.7\n', 'fe80::1%eth0', '', 7, ['192.0.2.7']])(
    'refuses %j as an address',
    (address) => {
      expect(check(BanRequest, { hostIds, jails: ['sshd'], addresses: [address] })).toEqual(['addresses']);
    },
  );

  it.each(['-a', 'a b', 'a/b', '', '--all', 'x\n'])('refuses %j as a jail', (jail) => {
    expect(check(BanRequest, { hostIds, jails: [jail], addresses: ['192.0.2.7'] })).toEqual(['jails']);
  });

  it('refuses unknown fields', () => {
    expect(check(BanRequest, { hostIds, jails: ['sshd'], addresses: ['192.0.2.7'], duration: 5 })).toEqual([
      'duration',
    ]);
  });
});

describe(Preferences.name, () => {
  it('checks nested thresholds', () => {
    const preferences = { timeZone: 'UTC', dateFormat: 'iso', sessionDurationSeconds: 3600, sessionMode: 'sliding' };
    expect(check(Preferences, { ...preferences, mapThresholds: { low: 20, medium: 50, high: 0 } })).toEqual([
      'mapThresholds',
    ]);
    expect(check(Preferences, { ...preferences, mapThresholds: { low: 20, medium: 50, high: 100 } })).toEqual([]);
  });
});
