import { isAddress, isPrivateOrReserved, sortKey, tryParseNetwork } from '@bailiff/ip';

interface Entry {
  readonly sortKey: string;
  /** Whether it is one address, whose country can be asked for. */
  readonly isSingle: boolean;
  readonly isPrivate: boolean;
}

/** What addresses of a transaction are, each parsed once. */
export class AddressBook {
  private readonly entries = new Map<string, Entry>();

  /** See `addressSortKey`. */
  sortKey(address: string): string {
    return this.entry(address).sortKey;
  }

  /** Whether it is one address; else a network, or fail2ban's id for something else. */
  isSingle(address: string): boolean {
    return this.entry(address).isSingle;
  }

  isPrivate(address: string): boolean {
    return this.entry(address).isPrivate;
  }

  private entry(address: string): Entry {
    let entry = this.entries.get(address);
    if (entry === undefined) {
      const network = tryParseNetwork(address);
      entry =
        network === undefined
          ? { sortKey: `~${address}`, isSingle: false, isPrivate: false }
          : { sortKey: sortKey(network), isSingle: isAddress(network), isPrivate: isPrivateOrReserved(network) };
      this.entries.set(address, entry);
    }
    return entry;
  }
}
