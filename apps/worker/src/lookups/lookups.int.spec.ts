import type { LookupKind } from '@bailiff/contracts/http';
import type { LookupRunResult } from '@bailiff/contracts/jobs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DnsServer } from '../../test/dns-server.spec.js';
import { WebServer } from '../../test/web-server.spec.js';
import { WorkerConfig } from '../worker.config.js';
import { AbuseIpdbLookup } from './abuse-ipdb-lookup.js';
import arin from './fixtures/arin.json' with { type: 'json' };
import { LookupDescribeHandler } from './lookup-describe.handler.js';
import { LookupRunHandler } from './lookup-run.handler.js';
import { LookupWeb } from './lookup-web.js';
import { OtxLookup } from './otx-lookup.js';
import { RdapBootstrap } from './rdap-bootstrap.js';
import { RdapLookup } from './rdap-lookup.js';
import { ReverseDnsLookup } from './reverse-dns-lookup.js';

const HOSTILE = '<img src=x onerror=alert(1)>\u202Eevil\u0000\nline';
const PTR = '8.8.8.8.in-addr.arpa PTR';

function handlerWith(config: WorkerConfig): LookupRunHandler {
  const web = new LookupWeb(config);
  const rdap = new RdapLookup(web, new RdapBootstrap(web, config));
  return new LookupRunHandler(
    rdap,
    new ReverseDnsLookup(config),
    new AbuseIpdbLookup(web, config),
    new OtxLookup(web, config),
  );
}

describe(LookupRunHandler.name, () => {
  let service: WebServer;
  let registry: WebServer;
  let dns: DnsServer;
  let config: WorkerConfig;

  beforeAll(async () => {
    [service, registry, dns] = await Promise.all([WebServer.start(), WebServer.start(), DnsServer.start()]);
  });
  afterAll(() => Promise.all([service, registry, dns].map((server) => server[Symbol.asyncDispose]())));
  beforeEach(() => {
    for (const server of [service, registry]) server.seen.length = 0;
    dns.asked.length = 0;
    dns.answers.clear();
    config = Object.assign(new WorkerConfig(), {
      lookupTimeoutMs: 1_000,
      rdapBootstrapUrl: registry.url,
      abuseIpdbUrl: service.url,
      otxUrl: service.url,
      abuseIpdbKey: 'key-of-abuseipdb',
      otxKey: 'key-of-otx',
      dnsServers: [dns.address],
    });
  });

  const run = (kind: LookupKind, address = '8.8.8.8'): Promise<LookupRunResult> =>
    handlerWith(config).run({ v: 1, correlationId: 'lookups-int', askId: 'ask-1', address, kind });

  describe('RDAP', () => {
    beforeEach(() => {
      registry.says(200, {
        services: [
          [['8.0.0.0/8'], ['http://127.0.0.1:9/wrong/']],
          [['8.8.0.0/16', 'not a network'], [`${service.url}rdap`]],
          [['2001:4860::/32'], [`${service.url}rdap/`]],
          'nonsense',
          [['9.0.0.0/8'], ['ftp://example.net/']],
        ],
      });
    });

    it('asks the registry that IANA names for the narrowest part, and says what matters', async () => {
      service.says(200, arin, { 'content-type': 'application/rdap+json' });
      expect(await run('rdap')).toEqual({
        v: 1,
        askId: 'ask-1',
        address: '8.8.8.8',
        kind: 'rdap',
        outcome: 'found',
        code: null,
        detail: null,
        facts: {
          name: 'EXAMPLE-NET',
          handle: 'NET-8-8-8-0-2',
          organisation: 'Example Networks LLC',
          country: null,
          networks: ['8.8.8.0/24'],
          abuseEmail: 'network-abuse@example.net',
          abusePhone: '+1-555-010-0000',
          registeredAt: '2023-12-28T22:24:33.000Z',
          changedAt: '2023-12-28T22:24:56.000Z',
          source: '127.0.0.1',
        },
      });
      expect(service.seen[0]?.url).toBe('/rdap/ip/8.8.8.8');
      expect(service.seen[0]?.headers.accept).toBe('application/rdap+json');
      expect(registry.seen[0]?.url).toBe('/ipv4.json');
    });

    it('asks about networks and IPv6, and reads the list of registries once', async () => {
      const handler = handlerWith(config);
      const ask = (address: string) => handler.run({ v: 1, correlationId: 'x', askId: 'a', address, kind: 'rdap' });
      const range = {
        objectClassName: 'ip network',
        startAddress: '2001:4860::',
        endAddress: '2001:4860:ffff:ffff:ffff:ffff:ffff:ffff',
        country: 'us',
      };
      service.says(200, range);
      expect((await ask('2001:4860:4860::8888')).facts).toMatchObject({ networks: ['2001:4860::/32'], country: 'US' });
      await ask('8.8.8.0/24');
      await ask('8.8.4.4');
      expect(service.seen.map(({ url }) => url)).toEqual([
        '/rdap/ip/2001:4860:4860::8888',
        '/rdap/ip/8.8.8.0/24',
        '/rdap/ip/8.8.4.4',
      ]);
      expect(registry.seen.map(({ url }) => url)).toEqual(['/ipv6.json', '/ipv4.json']);
    });

    it('follows a registry that sends on to another', async () => {
      service.answer = (request, response) => {
        if (request.url?.startsWith('/rdap') === true) response.writeHead(302, { location: '/other/8.8.8.8' }).end();
        else response.writeHead(200).end(JSON.stringify(arin));
      };
      expect(await run('rdap')).toMatchObject({ outcome: 'found' });
    });

    it.each([
      'http://10.0.0.1/',
      'http://169.254.169.254/latest/meta-data/',
      'http://[fd00::1]/',
      'file:///etc/passwd',
    ])('does not follow one to %s', async (location) => {
      service.answer = (_request, response) => response.writeHead(302, { location }).end();
      expect(await run('rdap')).toMatchObject({ outcome: 'failed', code: 'lookup/bad-answer', facts: null });
    });

    it('cleans and shortens what a hostile registry says', async () => {
      const entity = {
        roles: ['abuse'],
        vcardArray: [
          'vcard',
          [
            ['email', {}, 'text', '"><script>@x'],
            ['fn', {}, 'text', HOSTILE],
          ],
        ],
      };
      const deep = Array.from({ length: 500 }).reduce<object>((inner) => ({ entities: [inner] }), entity);
      service.says(200, {
        objectClassName: 'ip network',
        name: HOSTILE,
        handle: 'h'.repeat(100_000),
        country: 'ZZZ',
        cidr0_cidrs: [{ v4prefix: '8.8.8.0', length: 99 }, 7, { v4prefix: '8.8.8.0', length: 25 }],
        events: [{ eventAction: 'registration', eventDate: 'yesterday' }],
        entities: [entity, deep, null, 'x'],
      });
      const { facts } = await run('rdap');
      expect(facts).toMatchObject({ name: '<img src=x onerror=alert(1)> evil line', country: 'ZZ', abuseEmail: null });
      expect(facts).toMatchObject({ networks: ['8.8.8.0/25'], registeredAt: null });
      expect((facts as { handle: string }).handle).toHaveLength(200);
    });

    it.each([
      ['something else than JSON', 200, '<html>', 'lookup/bad-answer'],
      ['an answer about something else', 200, '{"objectClassName":"domain"}', 'lookup/bad-answer'],
      ['more than anybody needs', 200, `"${'x'.repeat(600_000)}"`, 'lookup/bad-answer'],
      ['a fault', 500, '{}', 'lookup/bad-answer'],
      ['too many questions', 429, '{"errorCode":429,"title":"Rate limit exceeded"}', 'lookup/quota'],
    ])('says so when the registry answers with %s', async (_what, status, body, code) => {
      service.says(status, body, { 'retry-after': '120' });
      expect(await run('rdap')).toMatchObject({ outcome: 'failed', code });
    });

    it('knows that nothing is known', async () => {
      service.says(404, { errorCode: 404 });
      expect(await run('rdap')).toMatchObject({ outcome: 'nothing', code: null });
      expect(await run('rdap', '1.1.1.1')).toMatchObject({ outcome: 'failed', code: 'lookup/no-server' });
      expect(await run('rdap', '9.9.9.9')).toMatchObject({ outcome: 'failed', code: 'lookup/no-server' });
    });

    it('gives up on a registry that does not answer, or drips', async () => {
      service.answer = () => undefined;
      expect(await run('rdap')).toMatchObject({ outcome: 'failed', code: 'lookup/timed-out' });
      service.answer = (_request, response) => {
        const timer = setInterval(() => response.write(' '), 50);
        response.on('close', () => clearInterval(timer));
      };
      expect(await run('rdap')).toMatchObject({ outcome: 'failed', code: 'lookup/timed-out' });
    });

    it('says when no list of registries can be had', async () => {
      registry.says(200, { services: [] });
      expect(await run('rdap')).toMatchObject({ outcome: 'failed', code: 'lookup/bad-answer' });
      registry.says(503, '');
      expect(await run('rdap')).toMatchObject({ outcome: 'failed', code: 'lookup/bad-answer' });
    });
  });

  describe('reverse DNS', () => {
    it('has names, and says which of them lead back', async () => {
      dns.answers.set(PTR, ['dns.example', 'liar.example', 'gone.example']);
      dns.answers.set('dns.example A', ['8.8.4.4', '8.8.8.8']);
      dns.answers.set('liar.example A', ['192.0.2.1']);
      expect((await run('reverse-dns')).facts).toEqual({
        names: [
          { name: 'dns.example', isConfirmed: true },
          { name: 'liar.example', isConfirmed: false },
          { name: 'gone.example', isConfirmed: false },
        ],
      });
    });

    it('looks IPv6 up by its own names', async () => {
      const arpa = '8.8.8.8.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.6.8.4.0.6.8.4.1.0.0.2.ip6.arpa PTR';
      dns.answers.set(arpa, ['dns.example']);
      dns.answers.set('dns.example AAAA', ['2001:4860:4860:0:0:0:0:8888']);
      expect((await run('reverse-dns', '2001:4860:4860::8888')).facts).toEqual({
        names: [{ name: 'dns.example', isConfirmed: true }],
      });
    });

    it.each([
      ['no name', 'nxdomain', { outcome: 'nothing' }],
      ['no record', [], { outcome: 'nothing' }],
      ['a fault', 'servfail', { outcome: 'failed', code: 'lookup/unreachable' }],
      ['silence', 'silent', { outcome: 'failed', code: 'lookup/timed-out' }],
    ] as const)('tells %s', async (_what, answer, expected) => {
      dns.answers.set(PTR, answer);
      expect(await run('reverse-dns')).toMatchObject(expected);
    });

    it('shows no more names than anybody reads, as harmless text', async () => {
      dns.answers.set(PTR, [
        'a<script>alert(1)</script>.example',
        ...Array.from({ length: 20 }, (_, n) => `host-${String(n)}.example`),
      ]);
      const { facts } = await run('reverse-dns');
      expect((facts as { names: { name: string }[] }).names.map(({ name }) => name)).toEqual([
        'a<script>alert\\(1\\)</script>.example',
        ...[0, 1, 2, 3].map((n) => `host-${String(n)}.example`),
      ]);
    });
  });

  describe('AbuseIPDB', () => {
    const data = {
      ipAddress: '8.8.8.8',
      isPublic: true,
      ipVersion: 4,
      isWhitelisted: false,
      abuseConfidenceScore: 87,
      countryCode: 'US',
      usageType: 'Data Center/Web Hosting/Transit',
      isp: HOSTILE,
      domain: 'example.net',
      hostnames: [],
      isTor: true,
      totalReports: 41,
      numDistinctUsers: 9,
      lastReportedAt: '2026-03-01T10:00:00+00:00',
    };

    it('tells score, reports and usage; the key is a header', async () => {
      service.says(200, { data });
      expect((await run('abuseipdb')).facts).toEqual({
        score: 87,
        reports: 41,
        reporters: 9,
        lastReportedAt: '2026-03-01T10:00:00.000Z',
        usage: 'Data Center/Web Hosting/Transit',
        isp: '<img src=x onerror=alert(1)> evil line',
        domain: 'example.net',
        isTor: true,
        isAllowed: false,
      });
      expect(service.seen[0]).toMatchObject({
        url: '/api/v2/check?ipAddress=8.8.8.8&maxAgeInDays=90',
        headers: expect.objectContaining({ key: 'key-of-abuseipdb' }) as object,
      });
    });

    it('says plainly that the quota is used up', async () => {
      const detail =
        'Daily rate limit of 1000 requests exceeded for this endpoint. See headers for additional details.';
      service.says(429, { errors: [{ detail, status: 429 }] }, { 'retry-after': '3540' });
      expect(await run('abuseipdb')).toMatchObject({
        outcome: 'failed',
        code: 'lookup/quota',
        detail: `${detail} Asked again, it will answer in 59 min.`,
      });
    });

    it('says that the key is not accepted, without telling the key', async () => {
      service.says(401, {
        errors: [{ detail: 'Authentication failed. Your API key is either missing, incorrect, or revoked.' }],
      });
      const result = await run('abuseipdb');
      expect(result).toMatchObject({ code: 'lookup/key-refused' });
      expect(JSON.stringify(result)).not.toContain('key-of-abuseipdb');
    });

    it('takes the key nowhere else', async () => {
      service.answer = (_request, response) => response.writeHead(302, { location: `${registry.url}steal` }).end();
      expect(await run('abuseipdb')).toMatchObject({ outcome: 'failed', code: 'lookup/bad-answer' });
      expect(registry.seen).toEqual([]);
    });

    it.each([
      [{ data: { abuseConfidenceScore: '87' } }],
      [{ data: { abuseConfidenceScore: 870 } }],
      [{}],
      [[]],
      [null],
    ])('does not make anything of %j', async (body) => {
      service.says(200, body);
      expect(await run('abuseipdb')).toMatchObject({ outcome: 'failed', code: 'lookup/bad-answer' });
    });

    it('asks nobody without a key', async () => {
      config = Object.assign(new WorkerConfig(), config, { abuseIpdbKey: undefined });
      expect(await run('abuseipdb')).toMatchObject({ outcome: 'failed', code: 'lookup/no-key' });
      expect(service.seen).toEqual([]);
    });
  });

  describe('OTX', () => {
    it('counts pulses and names some', async () => {
      const pulses = Array.from({ length: 30 }, (_, n) => ({ id: String(n), name: n === 0 ? HOSTILE : `Pulse ${n}` }));
      service.says(200, { indicator: '8.8.8.8', pulse_info: { count: 50, pulses } });
      const { facts } = await run('otx');
      expect(facts).toMatchObject({ pulses: 50 });
      expect((facts as { names: string[] }).names.slice(0, 2)).toEqual([
        '<img src=x onerror=alert(1)> evil line',
        'Pulse 1',
      ]);
      expect((facts as { names: string[] }).names).toHaveLength(10);
      expect(service.seen[0]?.url).toBe('/api/v1/indicators/IPv4/8.8.8.8/general');
      expect(service.seen[0]?.headers['x-otx-api-key']).toBe('key-of-otx');
    });

    it('has a form for IPv6, for nothing, and for a refused key', async () => {
      service.says(200, { pulse_info: { count: 0, pulses: [] } });
      expect(await run('otx', '2001:4860:4860::8888')).toMatchObject({ outcome: 'nothing' });
      expect(service.seen[0]?.url).toBe('/api/v1/indicators/IPv6/2001:4860:4860::8888/general');
      service.says(403, { detail: 'Invalid API key' });
      expect(await run('otx')).toMatchObject({ code: 'lookup/key-refused', detail: 'Invalid API key' });
    });
  });

  it.each([
    ['192.0.2.7', 'rdap'],
    ['10.0.0.1', 'reverse-dns'],
    ['2001:db8::1', 'abuseipdb'],
    ['169.254.169.254', 'otx'],
    ['8.8.8.0/24', 'abuseipdb'],
    ['0.0.0.0/0', 'rdap'],
  ] as const)('asks nobody about %s by %s, whatever the gateway says', async (address, kind) => {
    expect(await run(kind, address)).toMatchObject({ outcome: 'failed', code: 'lookup/refused' });
    expect([...service.seen, ...registry.seen, ...dns.asked]).toEqual([]);
  });

  it('asks nobody any more once a question has expired', async () => {
    const stale = {
      v: 1,
      correlationId: 'x',
      askId: 'ask-1',
      address: '8.8.8.8',
      expiresAtMs: Date.now() - 1,
    } as const;
    for (const kind of ['rdap', 'reverse-dns', 'abuseipdb', 'otx'] as const)
      expect(await handlerWith(config).run({ ...stale, kind })).toMatchObject({ code: 'lookup/no-worker' });
    expect([...service.seen, ...registry.seen, ...dns.asked]).toEqual([]);
  });

  it('reaches this machine only for a service that is configured to be here', async () => {
    const asked = new LookupWeb(config).json({
      url: service.url,
      service: 'http://rdap.example.net/',
      maxRedirects: 3,
    });
    await expect(asked).rejects.toMatchObject({
      code: 'lookup/bad-answer',
      message: expect.stringContaining('not a public'),
    });
    expect(service.seen).toEqual([]);
  });

  it('says which keys there are, never what they are', async () => {
    const { otxKey: _otxKey, ...rest } = config;
    const described = await new LookupDescribeHandler(Object.assign(new WorkerConfig(), rest)).run();
    expect(described).toEqual({ v: 1, abuseipdbKey: true, otxKey: false });
  });
});
