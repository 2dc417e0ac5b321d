import type {
  BanTimeline,
  CountryStats,
  DashboardSummary,
  HourOfWeek,
  JailStats,
  NetworkStats,
  Problem,
} from '@bailiff/contracts/http';
import { placeBans } from '@bailiff/persistence';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FleetHarness } from '../../test/fleet-harness.spec.js';
import type { TestAgent } from '../../test/test-agent.spec.js';
import { BannedSampler } from '../dashboard/banned-sampler.js';

const HOUR_MS = 3_600_000;
/** A range that is over: nothing in here moves with the clock. Zurich's clock goes forward on the 29th at 02:00. */
const RANGE = 'from=2026-03-28T00:00:00Z&to=2026-03-30T00:00:00Z';
const at = (text: string): number => Date.parse(text);

describe('GET /api/v1/stats', () => {
  let fleet: FleetHarness;
  let web: TestAgent;
  let mail: TestAgent;

  beforeAll(async () => {
    fleet = await FleetHarness.start();
    [web, mail] = await Promise.all([fleet.addAgent('web'), fleet.addAgent('mail')]);
    const jails = ['sshd', 'nginx', 'recidive', 'dovecot', 'postfix', 'vsftpd', 'mysqld', 'sieve'];
    // As many bans of each jail as its place counted from the end: 8 of sshd, 1 of sieve.
    jails.forEach((jail, place) => {
      for (let n = 0; n < jails.length - place; n += 1)
        web.sendTickets({ jail, address: `192.0.2.${place * 10 + n}`, atMs: at('2026-03-28T10:15:00Z') + n * HOUR_MS });
    });
    mail.sendTickets({ jail: 'sshd', address: '198.51.100.1', atMs: at('2026-03-29T00:30:00Z') });
    mail.sendTickets({ jail: 'sshd', address: '198.51.100.2', atMs: at('2026-03-29T01:30:00Z') });
    mail.sendTickets({ jail: 'sshd', address: '2001:db8::9', atMs: at('2026-03-20T01:30:00Z') });
    await Promise.all([web.acknowledged(), mail.acknowledged()]);
    const place = (address: string, country: string | null, asn: number | null) => ({ address, country, asn });
    const places = [
      ...Array.from({ length: 8 }, (_, n) => place(`192.0.2.${n}`, 'DE', 64_500)),
      ...Array.from({ length: 7 }, (_, n) => place(`192.0.2.${10 + n}`, 'US', 64_501)),
      place('198.51.100.1', 'DE', null),
    ];
    await fleet.database.dataSource.transaction((manager) => placeBans(manager, places));
  });
  afterAll(async () => {
    await Promise.all([web.stop(), mail.stop()]);
    await fleet[Symbol.asyncDispose]();
  });

  const setZone = (timeZone: string) => fleet.request('PATCH', '/api/v1/settings', { timeZone });
  const stats = <T>(what: string, query = '') => fleet.get<T>(`/api/v1/stats/${what}?${RANGE}${query}`);

  describe('/timeline', () => {
    it('shows the six jails with the most apart and sums the others up, by the hour', async () => {
      const timeline = await stats<BanTimeline>('timeline');
      expect([timeline.step, timeline.buckets.length, timeline.total]).toEqual(['hour', 48, 38]);
      expect(timeline.series.map(({ jail, total }) => [jail, total])).toEqual([
        ['sshd', 10],
        ['nginx', 7],
        ['recidive', 6],
        ['dovecot', 5],
        ['postfix', 4],
        ['vsftpd', 3],
        [null, 3],
      ]);
      const ten = timeline.buckets.indexOf('2026-03-28T10:00:00.000Z');
      expect(timeline.series.map(({ bans }) => bans[ten])).toEqual([1, 1, 1, 1, 1, 1, 2]);
    });

    it('cuts days on the clock of the zone, which goes forward on one of them', async () => {
      await setZone('Europe/Zurich');
      const timeline = await stats<BanTimeline>('timeline', '&hosts=' + mail.id);
      expect(timeline.timeZone).toBe('Europe/Zurich');
      const month = await fleet.get<BanTimeline>(
        `/api/v1/stats/timeline?from=2026-03-19T23:00:00Z&to=2026-03-30T22:00:00Z&hosts=${mail.id}`,
      );
      expect([month.step, month.buckets.length]).toEqual(['day', 11]);
      expect(month.buckets.slice(-3)).toEqual([
        '2026-03-27T23:00:00.000Z',
        '2026-03-28T23:00:00.000Z',
        '2026-03-29T22:00:00.000Z',
      ]);
      expect(month.series).toEqual([{ jail: 'sshd', bans: [1, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0], total: 3 }]);
    });

    it.each(['Europe/Zurich', 'America/New_York', 'Pacific/Auckland', 'Asia/Tokyo', 'America/Los_Angeles'])(
      'counts what each day holds by the clock of %s',
      async (zone) => {
        await setZone(zone);
        const [fromMs, toMs] = [at('2026-03-15T05:30:00Z'), at('2026-03-29T01:10:00Z')];
        const { buckets, series } = await fleet.get<BanTimeline>(
          '/api/v1/stats/timeline?from=2026-03-15T05:30:00Z&to=2026-03-29T01:10:00Z',
        );
        const dayOf = new Intl.DateTimeFormat('en-CA', { timeZone: zone });
        const rows = await fleet.database.read.manager.query<{ at_ms: number }[]>(
          `SELECT at_ms FROM ban_event WHERE kind = 'ban' AND at_ms >= ${fromMs} AND at_ms < ${toMs}`,
        );
        const byDay = Map.groupBy(rows, ({ at_ms }) => dayOf.format(Number(at_ms)));
        expect(buckets.map((_, i) => series.reduce((sum, { bans }) => sum + (bans[i] ?? 0), 0))).toEqual(
          buckets.map((start) => byDay.get(dayOf.format(new Date(start)))?.length ?? 0),
        );
        expect(rows.length).toBeGreaterThan(30);
        await setZone('Europe/Zurich');
      },
    );

    it('takes the days of UTC as they were counted, a first and a last that the range cuts in part', async () => {
      await setZone('UTC');
      const { step, buckets, series } = await fleet.get<BanTimeline>(
        `/api/v1/stats/timeline?from=2026-03-20T01:00:00Z&to=2026-03-29T01:00:00Z&hosts=${mail.id}`,
      );
      expect([step, buckets.length, buckets[0]]).toEqual(['day', 10, '2026-03-20T00:00:00.000Z']);
      expect(series).toEqual([{ jail: 'sshd', bans: [1, 0, 0, 0, 0, 0, 0, 0, 0, 1], total: 2 }]);
      await setZone('Europe/Zurich');
    });
  });

  it('/jails lists every jail', async () => {
    const jails = await stats<JailStats>('jails', `&hosts=${web.id}`);
    expect([jails.total, jails.jails.length]).toEqual([36, 8]);
    expect(jails.jails[0]).toEqual({ jail: 'sshd', bans: 8 });
  });

  it('/countries tells shares, top jails, and what is not known', async () => {
    const { total, unknown, countries } = await stats<CountryStats>('countries');
    expect([total, unknown]).toEqual([38, 22]);
    expect(countries).toEqual([
      { country: 'DE', bans: 9, share: 9 / 38, topJails: [{ jail: 'sshd', bans: 9 }] },
      { country: 'US', bans: 7, share: 7 / 38, topJails: [{ jail: 'nginx', bans: 7 }] },
    ]);
  });

  it('/networks tells autonomous systems', async () => {
    const { total, unknown, networks } = await stats<NetworkStats>('networks');
    expect([total, unknown]).toEqual([38, 23]);
    expect(networks.map(({ asn, bans, share }) => [asn, bans, share])).toEqual([
      [64_500, 8, 8 / 38],
      [64_501, 7, 7 / 38],
    ]);
  });

  it('/hour-of-week reads the clock of the zone, before and after it goes forward', async () => {
    const hours = async (zone: string) => {
      await setZone(zone);
      return stats<HourOfWeek>('hour-of-week', `&hosts=${mail.id}`);
    };
    const zurich = await hours('Europe/Zurich');
    // 00:30 UTC is 01:30 on the Sunday; 01:30 UTC is 03:30: two does not exist that day.
    expect(zurich.bans[6]?.slice(0, 5)).toEqual([0, 1, 0, 1, 0]);
    expect([zurich.total, zurich.startMinute, zurich.bans.flat().reduce((a, b) => a + b)]).toEqual([2, 0, 2]);
    const kolkata = await hours('Asia/Kolkata');
    expect([kolkata.startMinute, kolkata.bans[6]?.slice(5, 8)]).toEqual([30, [1, 1, 0]]);
    const honolulu = await hours('Pacific/Honolulu');
    expect(honolulu.bans[5]?.slice(14, 17)).toEqual([1, 1, 0]);
  });

  it.each(['timeline', 'jails', 'countries', 'networks', 'hour-of-week'])(
    '/%s respects hosts and origins and answers about nothing',
    async (what) => {
      const totalOf = async (query: string) => (await stats<{ total: number }>(what, query)).total;
      expect(await totalOf(`&hosts=${mail.id}`)).toBe(2);
      expect(await totalOf(`&hosts=${mail.id},${web.id}&origin=selfblock,fleet`)).toBe(38);
      expect(await totalOf('&origin=manual,blocklist')).toBe(0);
      expect(await totalOf('&hosts=0000000000000000')).toBe(0);
    },
  );

  it.each([
    ['range=3d', '?range'],
    ['range=7d&from=2026-01-01T00:00:00Z', '?range'],
    ['to=2026-01-01T00:00:00Z', '?from'],
    ['from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z', '?to'],
    ['from=1990-01-01T00:00:00Z', '?from'],
    ['from=2026-01-01', '?from'],
    ['from=2026-02-30T00:00:00Z', '?from'],
    ['from=2026-01-01T00:00:00', '?from'],
    ['origin=selfblock,', '?origin'],
    ['origin=nobody', '?origin'],
    ['hosts=all', '?hosts'],
    ['limit=3', '?limit'],
  ])('refuses %s and names the field', async (query, pointer) => {
    for (const path of ['stats/timeline', 'stats/countries', 'dashboard']) {
      const { status, body } = await fleet.request<Problem>('GET', `/api/v1/${path}?${query}`);
      expect([status, body.code, body.errors?.[0]?.pointer]).toEqual([400, 'request/invalid', pointer]);
    }
  });

  describe('/api/v1/dashboard', () => {
    const summary = (query: string) => fleet.get<DashboardSummary>(`/api/v1/dashboard?${query}`);

    it('sums a custom range up and compares it with the time before', async () => {
      const { range, bans, worstNetwork } = await summary(RANGE);
      expect([range, bans.value, bans.previous, bans.series.reduce((a, b) => a + b)]).toEqual(['custom', 38, 0, 38]);
      expect(worstNetwork).toMatchObject({ asn: 64_500, label: 'AS64500', figure: { value: 8, previous: 0 } });
      expect(worstNetwork?.figure.series.reduce((a, b) => a + b)).toBe(8);
    });

    it('compares with the time before where all of that was recorded', async () => {
      const { bans } = await summary('from=2026-03-29T00:00:00Z&to=2026-03-30T00:00:00Z');
      expect([bans.value, bans.previous]).toEqual([2, 36]);
      // The first ban ever is in the middle of the week before.
      const week = await summary('from=2026-03-24T00:00:00Z&to=2026-03-31T00:00:00Z');
      expect([week.bans.value, week.bans.previous]).toEqual([38, null]);
    });

    it('has nothing to compare with before anything was recorded', async () => {
      const { bans, failures } = await summary('from=2026-03-19T00:00:00Z&to=2026-03-21T00:00:00Z');
      expect([bans.value, bans.previous, failures.previous]).toEqual([1, null, null]);
    });

    it('tells the busiest /24 where no network is known', async () => {
      const { worstNetwork } = await summary(`${RANGE}&hosts=${mail.id}`);
      expect(worstNetwork).toMatchObject({ asn: null, label: '198.51.100.0/24', figure: { value: 2, previous: null } });
    });

    it('tells the course of how many are banned, as it was noted', async () => {
      const hourAgo = Date.now() - HOUR_MS;
      await fleet.app.get(BannedSampler).note(hourAgo);
      mail.sendTickets({ jail: 'sshd', address: '203.0.113.1', atMs: Date.now(), bantimeSeconds: -1 });
      await mail.acknowledged();
      const { bannedNow, bannedCourse } = await summary('range=24h');
      expect([bannedNow, bannedCourse.value, bannedCourse.previous]).toEqual([1, 1, null]);
      expect(bannedCourse.series.slice(-2)).toEqual([0, 1]);
      expect((await summary('range=24h&origin=manual')).bannedCourse.series.at(-1)).toBe(0);
    });

    it('filters every figure of bans by origin', async () => {
      const none = await summary(`${RANGE}&origin=manual`);
      expect([none.bannedNow, none.bans.value, none.worstNetwork, none.topJails, none.topAddresses]).toEqual([
        0,
        0,
        null,
        [],
        [],
      ]);
      expect((await summary(`${RANGE}&origin=manual,selfblock`)).bans.value).toBe(38);
    });
  });
});
