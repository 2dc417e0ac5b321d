import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tempDir, type TempDir } from '@bailiff/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type MmdbContent, writeMmdb } from '../../../test/mmdb-writer.spec.js';
import { MmdbDirectory } from './mmdb-directory.js';

const CITY: MmdbContent = {
  type: 'GeoLite2-City',
  builtAt: new Date('2026-03-01T00:00:00Z'),
  networks: {
    '192.0.2.0/24': { country: { iso_code: 'CH' }, city: { names: { en: 'Zürich' } } },
    '2001:db8::/32': { country: { iso_code: 'JP' } },
  },
};
const ASN: MmdbContent = {
  type: 'DBIP-ASN-Lite',
  builtAt: new Date('2026-04-01T00:00:00Z'),
  networks: { '192.0.2.0/25': { autonomous_system_number: 64_500, autonomous_system_organization: 'Example' } },
};
const IPINFO: MmdbContent = {
  type: 'ipinfo bundle_location_lite.mmdb',
  builtAt: new Date('2026-05-01T00:00:00Z'),
  networks: { '198.51.100.0/24': { country_code: 'DE', country: 'Germany', asn: 'AS64501', as_name: 'Beispiel' } },
};

describe(MmdbDirectory.name, () => {
  let dir: TempDir;
  let files: MmdbDirectory;
  const put = async (name: string, content: MmdbContent | Buffer) => {
    // As an updater does it: the new file appears whole.
    await writeFile(join(dir.path, 'new'), Buffer.isBuffer(content) ? content : writeMmdb(content));
    await rename(join(dir.path, 'new'), join(dir.path, name));
  };
  const state = () => files.sources().map(({ name, state: is, problem }) => [name, is, problem]);

  beforeEach(async () => {
    dir = await tempDir();
    files = new MmdbDirectory(dir.path);
  });
  afterEach(async () => {
    await dir[Symbol.asyncDispose]();
  });

  it('knows nothing without a directory, and says when it cannot be read', async () => {
    expect(await new MmdbDirectory(undefined).refresh()).toBe(false);
    const missing = new MmdbDirectory(join(dir.path, 'nowhere'));
    expect(await missing.refresh()).toBe(true);
    expect(missing.sources()).toMatchObject([{ state: 'broken', problem: 'The directory cannot be read (ENOENT).' }]);
    expect(missing.find('192.0.2.1')).toEqual({ country: null, asn: null, asName: null });
  });

  it('reads files of MaxMind, DB-IP and IPinfo, and puts together what they know', async () => {
    await put('city.mmdb', CITY);
    await put('asn.mmdb', ASN);
    await put('ipinfo.mmdb', IPINFO);
    await writeFile(join(dir.path, 'README.txt'), 'not a database');
    await mkdir(join(dir.path, 'folder.mmdb'));
    expect(await files.refresh()).toBe(true);
    expect(files.find('192.0.2.1')).toEqual({ country: 'CH', asn: 64_500, asName: 'Example' });
    expect(files.find('192.0.2.200')).toEqual({ country: 'CH', asn: null, asName: null });
    expect(files.find('198.51.100.1')).toEqual({ country: 'DE', asn: 64_501, asName: 'Beispiel' });
    expect(files.find('2001:db8::1')).toMatchObject({ country: 'JP' });
    expect(files.find('203.0.113.1')).toEqual({ country: null, asn: null, asName: null });
    expect(files.sources()).toMatchObject([
      { name: 'asn.mmdb (DBIP-ASN-Lite)', facts: ['asn'], builtAt: '2026-04-01T00:00:00.000Z' },
      { name: 'city.mmdb (GeoLite2-City)', facts: ['country'], creditUrl: 'https://www.maxmind.com' },
      { facts: ['country', 'asn'], creditUrl: 'https://ipinfo.io', state: 'used' },
    ]);
  });

  it('takes the newer of two files, notices a change, and forgets what is removed', async () => {
    await put('old.mmdb', CITY);
    await put('new.mmdb', {
      ...CITY,
      builtAt: new Date('2026-06-01'),
      networks: { '192.0.2.0/24': { country: { iso_code: 'LI' } } },
    });
    await files.refresh();
    expect(await files.refresh()).toBe(false);
    expect(files.find('192.0.2.1').country).toBe('LI');
    await put('new.mmdb', {
      ...CITY,
      builtAt: new Date('2026-06-02'),
      networks: { '192.0.2.0/28': { country_code: 'AT' } },
    });
    expect(await files.refresh()).toBe(true);
    expect(files.find('192.0.2.1').country).toBe('AT');
    await rm(join(dir.path, 'new.mmdb'));
    expect(await files.refresh()).toBe(true);
    expect(files.find('192.0.2.1').country).toBe('CH');
    await rm(join(dir.path, 'old.mmdb'));
    await files.refresh();
    expect([files.covers('country'), files.sources()]).toEqual([false, []]);
  });

  it('tells about broken files, and goes on with the good one before', async () => {
    const whole = writeMmdb(CITY);
    await put('half.mmdb', whole.subarray(0, whole.length / 2));
    await put('page.mmdb', Buffer.from('<!doctype html><title>403</title>'));
    await put('empty.mmdb', Buffer.alloc(0));
    await put('other.mmdb', { ...CITY, type: 'Anonymous', networks: { '192.0.2.0/24': { is_anonymous: 1 } } });
    await put('good.mmdb', whole);
    await files.refresh();
    const cut = 'The file is cut off, or no MMDB file.';
    expect(state()).toEqual([
      ['empty.mmdb', 'broken', cut],
      ['good.mmdb (GeoLite2-City)', 'used', null],
      ['half.mmdb', 'broken', cut],
      ['other.mmdb', 'broken', 'The file holds neither countries nor AS numbers.'],
      ['page.mmdb', 'broken', cut],
    ]);
    expect(await files.refresh()).toBe(false);
    await put('good.mmdb', whole.subarray(0, 100));
    expect(await files.refresh()).toBe(true);
    expect(files.find('192.0.2.1').country).toBe('CH');
    expect(files.sources()[1]).toMatchObject({ state: 'used', problem: `${cut} The one before it is used.` });
    await put('good.mmdb', whole);
    await files.refresh();
    expect(files.sources()[1]).toMatchObject({ state: 'used', problem: null });
  });

  it('survives a file that is damaged inside', async () => {
    const bytes = writeMmdb({
      ...CITY,
      networks: { '192.0.2.0/24': { country: { iso_code: 'CH' } }, '198.51.100.0/24': { x: 1 } },
    });
    // The record's map now claims more than there is.
    bytes.write('\u00ff\u00ff', bytes.indexOf('iso_code') - 2, 'latin1');
    await put('city.mmdb', bytes);
    await files.refresh();
    expect(files.find('192.0.2.1')).toEqual({ country: null, asn: null, asName: null });
    expect(files.sources()).toMatchObject([{ state: 'broken' }]);
  });

  it('asks a file of IPv4 addresses for no IPv6 address', async () => {
    await put('v4.mmdb', { ...CITY, ipVersion: 4, networks: { '32.1.0.0/16': { country_code: 'US' } } });
    await files.refresh();
    expect(files.find('32.1.13.184').country).toBe('US');
    expect(files.find('2001:db8::1').country).toBeNull();
  });
});
