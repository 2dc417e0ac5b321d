import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type AsnSource, encodeAsnFile } from './asn-file.js';
import { readAsnCsv } from './asn-range.js';
import { AsnFileError, AsnTable } from './asn-table.js';

const PACKAGE = '@ip-location-db/asn';

/** What the installed package says of itself; its version ends in the date and hour it was made. */
export function installedAsnSource(): AsnSource & { readonly dir: string } {
  const manifest = createRequire(import.meta.url).resolve(`${PACKAGE}/package.json`);
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
  const [, year, month, day] = /\.(\d{4})(\d\d)(\d\d)\d*$/.exec(version) ?? [];
  const builtAt = year === undefined ? null : `${year}-${month ?? ''}-${day ?? ''}`;
  return { name: PACKAGE, version, builtAt, dir: dirname(manifest) };
}

/**
 * Makes the compact file out of the installed package, unless it is there already. Part of the worker's build: the package is
 * not there where the worker runs.
 * @returns whether there was something to do
 */
export function buildAsnFile(path: string): boolean {
  const { dir, ...source } = installedAsnSource();
  if (isUpToDate(path, source)) return false;
  const rows = (file: string) => [...readAsnCsv(readFileSync(join(dir, file), 'utf8'))];
  const encoded = encodeAsnFile(source, rows('asn-ipv4-num.csv'), rows('asn-ipv6-num.csv'));
  mkdirSync(dirname(path), { recursive: true });
  // Two builds at once must not mix their bytes.
  writeFileSync(`${path}.${process.pid}`, encoded);
  renameSync(`${path}.${process.pid}`, path);
  return true;
}

function isUpToDate(path: string, { name, version }: AsnSource): boolean {
  try {
    const { source } = AsnTable.open(path).header;
    return source.name === name && source.version === version;
  } catch (error) {
    if (error instanceof AsnFileError) return false;
    throw error;
  }
}
