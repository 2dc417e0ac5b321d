import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempDir, type TempDir } from '@bailiff/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { networksOfRange } from '../address-number.js';
import { encodeAsnFile } from './asn-file.js';
import { type AsnRange, AsnSourceError, readAsnCsv } from './asn-range.js';
import { AsnFileError, AsnTable } from './asn-table.js';
import { buildAsnFile, installedAsnSource } from './build-asn-file.js';

const SOURCE = { name: 'made-up', version: '1', builtAt: '2026-01-02' };
const n = (first: bigint, last: bigint, asn: number, name = `AS ${asn}`): AsnRange => ({ first, last, asn, name });
const V4 = (a: number, b: number, c: number, d: number) => BigInt(((a * 256 + b) * 256 + c) * 256 + d);
const V6 = 0x2001_0db8n << 96n;
const END_64 = (1n << 64n) - 1n;

describe(AsnTable.name, () => {
  const table = AsnTable.read(
    encodeAsnFile(
      SOURCE,
      [
        n(0n, 0n, 1),
        n(V4(192, 0, 2, 0), V4(192, 0, 2, 255), 64_500, 'Zürich "Networks", Ltd'),
        n(V4(198, 51, 100, 7), V4(198, 51, 100, 9), 4_294_967_295, ''),
        n(0xffff_ffffn, 0xffff_ffffn, 2),
      ],
      [
        n(V6, V6 + (1n << 64n) * 4n - 1n, 64_501),
        n(V6 + (8n << 64n), V6 + (8n << 64n) + 15n, 64_502),
        n(V6 + (8n << 64n) + 16n, V6 + (9n << 64n) + END_64, 64_503),
        n((1n << 128n) - (1n << 64n), (1n << 128n) - 1n, 64_504),
      ],
    ),
  );

  it.each([
    ['0.0.0.0', 1],
    ['0.0.0.1', null],
    ['192.0.1.255', null],
    ['192.0.2.0', 64_500],
    ['192.0.2.255', 64_500],
    ['192.0.3.0', null],
    ['::ffff:192.0.2.9', 64_500],
    ['198.51.100.6', null],
    ['198.51.100.7', 4_294_967_295],
    ['198.51.100.10', null],
    ['255.255.255.254', null],
    ['255.255.255.255', 2],
    ['::', null],
    ['2001:db8::', 64_501],
    ['2001:db8:0:3:ffff:ffff:ffff:ffff', 64_501],
    ['2001:db8:0:4::', null],
    ['2001:db8:0:8::f', 64_502],
    ['2001:db8:0:8::10', 64_503],
    ['2001:db8:0:9:ffff:ffff:ffff:ffff', 64_503],
    ['2001:db8:0:a::', null],
    ['ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 64_504],
  ])('%s belongs to %s', (address, asn) => {
    expect(table.asnOf(address)).toBe(asn);
  });

  it('knows names, and none where there is none', () => {
    expect([64_500, 64_501, 4_294_967_295, 3].map((asn) => table.nameOf(asn))).toEqual([
      'Zürich "Networks", Ltd',
      'AS 64501',
      null,
      null,
    ]);
  });

  it('lists what a system announces', () => {
    const networks = (asn: number) => [...table.rangesOf(asn)].flatMap(networksOfRange);
    expect(networks(64_500)).toEqual(['192.0.2.0/24']);
    expect(networks(4_294_967_295)).toEqual(['198.51.100.7', '198.51.100.8/31']);
    expect(networks(64_501)).toEqual(['2001:db8::/62']);
    expect(networks(64_502)).toEqual(['2001:db8:0:8::/124']);
    expect(networks(7)).toEqual([]);
  });

  it('cuts names short at a whole character', () => {
    const long = AsnTable.read(encodeAsnFile(SOURCE, [n(0n, 1n, 5, 'ü'.repeat(500))], []));
    expect(long.nameOf(5)).toBe('ü'.repeat(60));
  });

  it('refuses anything else than a whole file', () => {
    const file = encodeAsnFile(SOURCE, [n(1n, 2n, 3)], []);
    for (const broken of [
      Buffer.alloc(0),
      Buffer.from('hello'),
      file.subarray(0, file.length - 1),
      file.subarray(0, 20),
    ])
      expect(() => AsnTable.read(broken)).toThrow(AsnFileError);
    expect(() => AsnTable.open('/nonexistent')).toThrow(AsnFileError);
  });
});

describe(readAsnCsv, () => {
  it('reads quoted and plain names', () => {
    expect([...readAsnCsv('1,2,3,"A ""b"", c"\r\n4,5,6,Plain\n')]).toEqual([
      n(1n, 2n, 3, 'A "b", c'),
      n(4n, 5n, 6, 'Plain'),
    ]);
  });

  it.each(['<html>', '1,2', '1.0.0.0,1.0.0.255,13335,x'])('refuses %s', (line) => {
    expect(() => [...readAsnCsv(line)]).toThrow(AsnSourceError);
  });
});

describe('the shipped file of AS numbers', () => {
  let dir: TempDir;
  let table: AsnTable;
  const source = installedAsnSource();
  const rows = (file: string) => [...readAsnCsv(readFileSync(join(source.dir, file), 'utf8'))];

  beforeAll(async () => {
    dir = await tempDir();
    const path = join(dir.path, 'data/asn.bin');
    expect(buildAsnFile(path)).toBe(true);
    expect(buildAsnFile(path)).toBe(false);
    table = AsnTable.open(path);
  });
  afterAll(async () => {
    await dir[Symbol.asyncDispose]();
  });

  it('says what it was made from', () => {
    expect(table.header.source).toEqual({ name: source.name, version: source.version, builtAt: source.builtAt });
    expect(source.builtAt).toMatch(/^20\d\d-\d\d-\d\d$/);
    expect(table.entries).toBeGreaterThan(400_000);
  });

  it.each([
    ['asn-ipv4-num.csv', 4],
    ['asn-ipv6-num.csv', 6],
  ] as const)('agrees with a search through %s: ends, middles and neighbours of ranges', (file, family) => {
    const all = rows(file);
    const find = (value: bigint) => all.find(({ first, last }) => first <= value && value <= last)?.asn ?? null;
    const max = family === 4 ? (1n << 32n) - 1n : (1n << 128n) - 1n;
    const probes = Array.from({ length: 40 }, (_, i) => all[Math.floor((i * all.length) / 40)]).flatMap((range) =>
      range === undefined
        ? []
        : [range.first - 1n, range.first, (range.first + range.last) / 2n, range.last, range.last + 1n],
    );
    // A fixed sequence instead of chance: the same addresses fail again.
    for (let i = 0, value = 1n; i < 60; i++) {
      value = (value * 6_364_136_223_846_793_005n + 1_442_695_040_888_963_407n) & ((1n << 128n) - 1n);
      probes.push(family === 4 ? value & max : (1n << 125n) | (value >> 3n));
    }
    for (const value of probes.filter((probe) => probe >= 0n && probe <= max)) {
      const [address] = networksOfRange({ family, first: value, last: value });
      expect([address, table.asnOf(address ?? '')]).toEqual([address, find(value)]);
    }
  });

  it('is right inside every range that ends within a /64', () => {
    for (const { first, last, asn } of rows('asn-ipv6-num.csv')) {
      if ((first & END_64) === 0n && (last & END_64) === END_64) continue;
      for (const value of [first, last])
        expect(table.asnOf(networksOfRange({ family: 6, first: value, last: value })[0] ?? '')).toBe(asn);
    }
  });
});
