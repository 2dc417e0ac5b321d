import { rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { tempDir, type TempDir } from '@bailiff/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type MmdbContent, writeMmdb } from '../../test/mmdb-writer.spec.js';
import { GuardedWeb, type WebRequest } from '../web/guarded-web.js';
import { WorkerConfig } from '../worker.config.js';
import { encodeAsnFile } from './asn/asn-file.js';
import { CountryLookup } from './country-lookup.js';
import { GeoData } from './geo-data.js';
import { OnlineLookup } from './online-lookup.js';

// Documentation addresses are in no data set, so these tests need public ones.
const GOOGLE = '8.8.8.8';
const UNKNOWN = '203.0.113.9';
const asnFile = encodeAsnFile(
  { name: 'made-up', version: '1', builtAt: '2026-01-02' },
  [{ first: 0x0808_0800n, last: 0x0808_08ffn, asn: 64_500, name: 'Embedded' }],
  [],
);
const cityOf = (country: string): MmdbContent => ({
  type: 'GeoLite2-City',
  builtAt: new Date('2026-03-01'),
  networks: { '8.8.8.0/24': { country: { iso_code: country }, autonomous_system_number: 64_999 } },
});

/** Reaches the test's server under the https address it is configured with. */
class LocalWeb extends GuardedWeb {
  override request(request: WebRequest) {
    return super.request({ ...request, url: request.url.replace('https://geo.test', this.base), httpsOnly: false });
  }
  constructor(private readonly base: string) {
    super({ allowLoopback: true });
  }
}

describe(GeoData.name, () => {
  let dir: TempDir;
  let server: Server;
  let answer: RequestListener;
  let asked: string[];
  let online: OnlineLookup | undefined;

  const config = (change: Partial<WorkerConfig>): WorkerConfig =>
    Object.assign(new WorkerConfig(), { geoDir: dir.path, geoAsnFile: join(dir.path, 'asn.bin') }, change);
  const open = (change: Partial<WorkerConfig> = {}) => {
    const made = config(change);
    const { port } = server.address() as AddressInfo;
    online = new OnlineLookup(made, new LocalWeb(`http://127.0.0.1:${port}`));
    return new GeoData(made, new CountryLookup(), online);
  };
  const one = async (data: GeoData, address: string) => (await data.resolve([address])).entries[0];

  beforeEach(async () => {
    dir = await tempDir();
    await writeFile(join(dir.path, 'asn.bin'), asnFile);
    asked = [];
    answer = (_request, response) => response.end('{"countryCode":"CH"}');
    server = createServer((request, response) => {
      asked.push(request.url ?? '');
      answer(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await dir[Symbol.asyncDispose]();
  });

  it('answers from what it comes with: country, network, registry, each name once', async () => {
    const data = open();
    expect(await data.resolve([GOOGLE, '8.8.8.9', UNKNOWN])).toEqual({
      v: 1,
      entries: [
        { address: GOOGLE, country: 'US', asn: 64_500, rir: 'ARIN' },
        { address: '8.8.8.9', country: 'US', asn: 64_500, rir: 'ARIN' },
        { address: UNKNOWN, country: null, asn: null, rir: null },
      ],
      asNames: [{ asn: 64_500, name: 'Embedded' }],
      dataVersion: data.version(),
    });
    expect(data.sources()).toMatchObject([
      { name: expect.stringMatching(/^geoip-lite \d/) as unknown, facts: ['country'], state: 'used' },
      { name: 'made-up 1', facts: ['asn'], builtAt: '2026-01-02', entries: 1, creditUrl: 'https://db-ip.com' },
      { facts: ['rir'], builtAt: '2023-12-18' },
    ]);
    expect(asked).toEqual([]);
  });

  it('lets mounted files take over, falls back where they know nothing, and changes its version with them', async () => {
    const data = open();
    const before = [await one(data, GOOGLE), data.version()];
    await writeFile(join(dir.path, 'city.mmdb'), writeMmdb(cityOf('LI')));
    expect(await data.refresh()).toBe(true);
    expect(await one(data, GOOGLE)).toMatchObject({ country: 'LI', asn: 64_999 });
    expect(await one(data, '193.99.144.80')).toMatchObject({ country: 'DE', asn: null });
    expect(data.version()).not.toBe(before[1]);
    expect(data.sources().map(({ kind, state }) => [kind, state])).toEqual([
      ['mounted', 'used'],
      ['embedded', 'overridden'],
      ['embedded', 'overridden'],
      ['embedded', 'used'],
    ]);
    await rm(join(dir.path, 'city.mmdb'));
    await data.refresh();
    expect([await one(data, GOOGLE), data.version()]).toEqual(before);
  });

  it('goes on with a broken file beside it, and without AS numbers when their file is missing', async () => {
    await writeFile(join(dir.path, 'city.mmdb'), 'not a database');
    await rm(join(dir.path, 'asn.bin'));
    const data = open();
    expect(await one(data, GOOGLE)).toEqual({ address: GOOGLE, country: 'US', asn: null, rir: 'ARIN' });
    expect(data.sources().filter(({ state }) => state === 'broken')).toMatchObject([
      { name: 'city.mmdb', problem: 'The file is cut off, or no MMDB file.' },
      { name: 'AS numbers', problem: 'The file of AS numbers is missing or damaged.' },
    ]);
    // Not the same as a system that announces nothing.
    expect(data.networksOf(64_500)).toMatchObject({ name: null, networks: [], source: null });
  });

  it('lists what a system announces', () => {
    expect(open().networksOf(64_500)).toEqual({
      v: 1,
      asn: 64_500,
      name: 'Embedded',
      networks: ['8.8.8.0/24'],
      isTruncated: false,
      source: { name: 'made-up 1', builtAt: '2026-01-02' },
    });
    expect(open().networksOf(64_501)).toMatchObject({ networks: [], source: { name: 'made-up 1' } });
  });

  describe('online', () => {
    const url = 'https://geo.test/{address}?key=secret';

    it('is off by default, and asks for nothing the data know', async () => {
      await open().resolve([UNKNOWN]);
      await open({ geoOnlineUrl: url }).resolve([GOOGLE]);
      expect(asked).toEqual([]);
    });

    it('answers for addresses without a country, and names its server without the key', async () => {
      const data = open({ geoOnlineUrl: url });
      expect(await one(data, UNKNOWN)).toMatchObject({ country: 'CH' });
      expect(await one(data, '2001:db8::1')).toMatchObject({ country: 'CH' });
      expect(asked).toEqual(['/203.0.113.9?key=secret', '/2001%3Adb8%3A%3A1?key=secret']);
      expect(data.sources().at(-1)).toMatchObject({ kind: 'online', name: 'geo.test' });
      expect(JSON.stringify(data.sources())).not.toContain('secret');
    });

    it('asks no more than its rate allows, and ten for one batch', async () => {
      const addresses = Array.from({ length: 40 }, (_, i) => `203.0.113.${i}`);
      await open({ geoOnlineUrl: url }).resolve(addresses);
      expect(asked).toHaveLength(10);
      asked = [];
      const data = open({ geoOnlineUrl: url, geoOnlinePerMinute: 3 });
      await data.resolve(addresses);
      await data.resolve(addresses);
      expect(asked).toHaveLength(3);
    });

    it.each([
      ['too many questions', 429, '{"countryCode":"CH"}'],
      ['a page', 200, '<html>'],
    ])('pauses after %s', async (_what, status, body) => {
      answer = (_request, response) => {
        response.writeHead(status).end(body);
      };
      const data = open({ geoOnlineUrl: url });
      expect(await one(data, UNKNOWN)).toMatchObject({ country: null });
      await data.resolve([UNKNOWN]);
      expect(asked).toHaveLength(1);
    });

    it.each(['{"country":{"iso_code":"CH"}}', '{"country":"CH"}', '{"country_code":"CH"}'])(
      'reads %s',
      async (body) => {
        answer = (_request, response) => response.end(body);
        expect(await one(open({ geoOnlineUrl: url }), UNKNOWN)).toMatchObject({ country: 'CH' });
      },
    );

    it.each(['{"country":"Switzerland"}', '[]', 'null', '{"countryCode":7}'])('takes nothing of %s', async (body) => {
      answer = (_request, response) => response.end(body);
      expect(await one(open({ geoOnlineUrl: url }), UNKNOWN)).toMatchObject({ country: null });
    });
  });
});
