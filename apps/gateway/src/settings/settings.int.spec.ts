import type { AddressInfo } from 'node:net';
import type { Preferences } from '@bailiff/contracts/http';
import { eventually, type RedisInstance, startPostgres, startRedis } from '@bailiff/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GatewayHarness, OWN_PAGE } from '../../test/gateway-harness.spec.js';
import { LiveProbe } from '../../test/live-probe.spec.js';

const baseUrl = (gateway: GatewayHarness): string =>
  `http://127.0.0.1:${String((gateway.app.getHttpServer().address() as AddressInfo).port)}`;

describe('PATCH /api/v1/settings on one of two gateways', () => {
  let redis: RedisInstance;
  let postgres: Awaited<ReturnType<typeof startPostgres>>;
  let one: GatewayHarness;
  let two: GatewayHarness;
  let cookie: string;

  beforeAll(async () => {
    [redis, postgres] = await Promise.all([startRedis(), startPostgres()]);
    one = await GatewayHarness.startReady({ databaseUrl: postgres.url }, redis);
    two = await GatewayHarness.startReady({ databaseUrl: postgres.url }, redis);
    cookie = await one.signIn();
  });
  afterAll(async () => {
    await two[Symbol.asyncDispose]();
    await one[Symbol.asyncDispose]();
    await postgres.stop();
    await redis.stop();
  });

  const preferences = async (gateway: GatewayHarness): Promise<Preferences> =>
    (await gateway.request('get', '/api/v1/settings').set('Cookie', cookie).expect(200)).body as Preferences;
  const change = (patch: object) =>
    one.request('patch', '/api/v1/settings').set(OWN_PAGE).set('Cookie', cookie).send(patch);
  const watch = (gateway: GatewayHarness): Promise<LiveProbe> =>
    new LiveProbe(baseUrl(gateway), { Cookie: cookie, Origin: baseUrl(gateway) }).ready();

  it('tells the browsers of both at once, and both answer with the new thresholds', async () => {
    await preferences(two);
    using here = await watch(one);
    using there = await watch(two);
    const mapThresholds = { low: 3, medium: 30, high: 300 };
    await change({ mapThresholds }).expect(200);
    for (const probe of [here, there]) {
      await eventually(() => expect(probe.of('preferences_changed').length).toBeGreaterThan(0));
    }
    expect((await preferences(one)).mapThresholds).toEqual(mapThresholds);
    expect((await preferences(two)).mapThresholds).toEqual(mapThresholds);
  });

  it.each([
    { low: 50, medium: 50, high: 100 },
    { low: 10, medium: 100, high: 99 },
    { low: 0, medium: 1, high: 2 },
    { low: 1.5, medium: 2, high: 3 },
    { low: 1, medium: 2 },
  ])('refuses %j, changes nothing and tells nobody', async (mapThresholds) => {
    const before = await preferences(one);
    using there = await watch(two);
    await change({ mapThresholds }).expect(400);
    expect(await preferences(one)).toEqual(before);
    expect(there.of('preferences_changed')).toEqual([]);
  });
});
