import { existsSync, mkdtempSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Injectable } from '@nestjs/common';
import type { lookup } from 'geoip-lite';

/** geoip-lite reads this global for its data folder, at import. */
declare global {
  // A global variable can only be declared with var.
  var geodatadir: string | undefined;
}

const COUNTRY_FILES = ['geoip-country.dat', 'geoip-country6.dat'];
/** An installation writes all files of a package at once; one that is this much younger was refreshed later. */
const INSTALLATION_MS = 3_600_000;

/**
 * Country of an address, offline, from geoip-lite's country files only: with its city files it holds 113 MB, without 10 MB.
 * Data by MaxMind (GeoLite).
 */
@Injectable()
export class CountryLookup {
  private readonly require = createRequire(import.meta.url);
  private loaded: Promise<typeof lookup> | undefined;

  /** @returns ISO 3166-1 alpha-2 code, or null when the data has none. */
  async countryOf(address: string): Promise<string | null> {
    this.loaded ??= this.load();
    const find = await this.loaded;
    const country = find(address)?.country ?? '';
    return /^[A-Z]{2}$/.test(country) ? country : null;
  }

  /** Day the data was refreshed on this machine, `YYYY-MM-DD`, or null when it is still the package's own of unknown age. */
  dataDate(): string | null {
    const manifest = this.require.resolve('geoip-lite/package.json');
    const [installedMs, modifiedMs] = [manifest, join(this.packagedData(), COUNTRY_FILES[0] ?? '')].map(
      (path) => statSync(path).mtimeMs,
    );
    const isRefreshed = (modifiedMs ?? 0) - (installedMs ?? 0) > INSTALLATION_MS;
    return isRefreshed ? new Date(modifiedMs ?? 0).toISOString().slice(0, 10) : null;
  }

  private packagedData(): string {
    return join(dirname(this.require.resolve('geoip-lite/package.json')), 'data');
  }

  /** geoip-lite falls back to its country files where its folder has no city files, so it is given such a folder. */
  private async load(): Promise<typeof lookup> {
    const folder = mkdtempSync(join(tmpdir(), 'bailiff-geo-'));
    try {
      for (const file of COUNTRY_FILES) {
        const source = join(this.packagedData(), file);
        if (existsSync(source)) symlinkSync(source, join(folder, file));
      }
      globalThis.geodatadir = folder;
      return (await import('geoip-lite')).default.lookup;
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
}
