import { Database } from '@bailiff/persistence';
import { Injectable } from '@nestjs/common';

/** Names kept in memory; there are some 80,000 systems on the internet. */
const CAPACITY = 20_000;

/** Who runs autonomous systems, as far as some address of theirs was ever looked up: memory first, then the database. */
@Injectable()
export class AsNames {
  /** null: the database has none either. */
  private readonly cache = new Map<number, string | null>();

  constructor(private readonly database: Database) {}

  /** Names by number; those nobody knows are left out. */
  async find(asns: readonly number[]): Promise<Map<number, string>> {
    const unknown = [...new Set(asns)].filter((asn) => !this.cache.has(asn));
    if (unknown.length > 0) {
      const stored = await this.database.read.geo.asNames(unknown);
      this.keep(unknown.map((asn) => [asn, stored.get(asn) ?? null]));
    }
    return new Map(
      asns.flatMap((asn) => {
        const name = this.cache.get(asn) ?? null;
        return name === null ? [] : [[asn, name] as const];
      }),
    );
  }

  /** Takes names the worker has just told. */
  remember(names: readonly { readonly asn: number; readonly name: string }[]): void {
    this.keep(names.map(({ asn, name }) => [asn, name]));
  }

  private keep(names: readonly (readonly [number, string | null])[]): void {
    // A few names asked for again cost less than order kept among them.
    if (this.cache.size + names.length > CAPACITY) this.cache.clear();
    for (const [asn, name] of names) this.cache.set(asn, name);
  }
}
