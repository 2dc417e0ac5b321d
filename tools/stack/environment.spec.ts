import { describe, expect, it } from '@jest/globals';

import { environmentFor, plainEnvironment, refuseUnknownSettings } from './environment.ts';

const caller = {
  PATH: '/bin',
  BAILIFF_LOG_LEVEL: 'debug',
  BAILIFF_GATEWAY_TRUSTED_PROXIES: '192.0.2.1',
  BAILIFF_EDGE_PUBLIC_URL: 'rediss://edge.example',
  BAILIFF_WORKER_CONCURRENCY: '4',
  BAILIFF_AGENT_FAIL2BAN_SOCKET: '/run/f2b.sock',
  DATABASE_URL: 'postgres://secret',
  REDIS_URL: 'redis://secret',
};

describe('environmentFor', () => {
  it('gives each process only its own settings', () => {
    expect(environmentFor('worker', {}, caller)).toEqual({
      PATH: '/bin',
      NODE_ENV: 'production',
      BAILIFF_LOG_LEVEL: 'debug',
      BAILIFF_WORKER_CONCURRENCY: '4',
      REDIS_URL: 'redis://secret',
    });
    expect(Object.keys(environmentFor('agent', {}, caller)).sort()).toEqual([
      'BAILIFF_AGENT_FAIL2BAN_SOCKET',
      'BAILIFF_LOG_LEVEL',
      'NODE_ENV',
      'PATH',
    ]);
    expect(environmentFor('gateway', {}, caller)).toMatchObject({
      DATABASE_URL: 'postgres://secret',
      BAILIFF_EDGE_PUBLIC_URL: 'rediss://edge.example',
    });
  });

  it('lets the stack decide over the caller', () => {
    expect(environmentFor('worker', { REDIS_URL: 'redis://own' }, caller)['REDIS_URL']).toBe('redis://own');
  });

  it('hands no setting to programs that read none', () => {
    expect(plainEnvironment(caller)).toEqual({ PATH: '/bin' });
  });
});

describe('refuseUnknownSettings', () => {
  it('names a misspelt variable', () => {
    expect(() => refuseUnknownSettings({ ...caller, BAILIFF_GATWAY_PORT: '1' })).toThrow('BAILIFF_GATWAY_PORT');
  });

  it('accepts what the processes read', () => {
    expect(() => refuseUnknownSettings(caller)).not.toThrow();
  });
});
