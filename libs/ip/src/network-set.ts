import { bitsContain, compareBits, type NetworkBits } from './bits.js';
import { aggregateBits } from './network.js';
import { bitsOf, formatBits, type IpNetwork } from './parse.js';

/** A fixed set of networks that answers quickly (logarithmic) what it covers: protected addresses, ignore lists. */
export class NetworkSet {
  private readonly merged: readonly NetworkBits[];

  constructor(networks: Iterable<IpNetwork>) {
    this.merged = aggregateBits(Array.from(networks, bitsOf));
  }

  /** Whether every address of `value` is covered. */
  covers(value: IpNetwork): boolean {
    const bits = bitsOf(value);
    const before = this.merged[this.lastAtOrBefore(bits)];
    return before !== undefined && bitsContain(before, bits);
  }

  /** Whether `value` shares at least one address with the set: what to ask before banning a network. */
  touches(value: IpNetwork): boolean {
    const bits = bitsOf(value);
    const index = this.lastAtOrBefore(bits);
    const before = this.merged[index];
    if (before !== undefined && bitsContain(before, bits)) return true;
    const after = this.merged[index + 1];
    return after !== undefined && bitsContain(bits, after);
  }

  /** The covered addresses as the shortest sorted list. */
  toList(): IpNetwork[] {
    return this.merged.map(formatBits);
  }

  private lastAtOrBefore(bits: NetworkBits): number {
    let low = 0;
    let high = this.merged.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const candidate = this.merged[middle];
      if (candidate !== undefined && compareBits(candidate, bits) <= 0) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}
