import { type Rir } from '@bailiff/contracts/http';

/** Longest an unknown country is believed to be unknown, milliseconds. */
export const UNKNOWN_FOR_MS = 5 * 60_000;
/** Longest an answer is believed without asking again, milliseconds. */
export const KNOWN_FOR_MS = 30 * 86_400_000;

/** What is remembered of one address. */
export interface KnownAddress {
  /** ISO 3166-1 alpha-2; null: the data has none. */
  readonly country: string | null;
  /** Number of the autonomous system; null: the data has none. */
  readonly asn: number | null;
  readonly rir: Rir | null;
  readonly resolvedAtMs: number;
}

/** Whether an answer is too old to be believed without asking again; an unknown country gets old quickly. */
export function isStale({ country, resolvedAtMs }: Pick<KnownAddress, 'country' | 'resolvedAtMs'>, nowMs: number) {
  return nowMs - resolvedAtMs > (country === null ? UNKNOWN_FOR_MS : KNOWN_FOR_MS);
}

/** The addresses seen last, bounded; the oldest entry makes room. */
export class AddressCache {
  private readonly entries = new Map<string, KnownAddress>();

  constructor(private readonly capacity = 100_000) {}

  get(address: string): KnownAddress | undefined {
    return this.entries.get(address);
  }

  set(address: string, known: KnownAddress): void {
    this.entries.delete(address);
    if (this.entries.size >= this.capacity) {
      const oldest = this.entries.keys().next().value;
      if (oldest !== undefined) this.entries.delete(oldest);
    }
    this.entries.set(address, known);
  }
}
