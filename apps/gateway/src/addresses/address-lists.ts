import type { AddressListing } from '@bailiff/contracts/http';
import { type IpNetwork, overlaps, tryParseNetwork } from '@bailiff/ip';
import { Database } from '@bailiff/persistence';
import { Injectable } from '@nestjs/common';
import type { Actor } from '../auth/actor.js';
import { LockoutGuard } from '../guard/lockout-guard.js';
import { timeOrNull } from '../hosts/host-info.js';

/** Which lists keep an address from being banned. */
@Injectable()
export class AddressLists {
  constructor(
    private readonly database: Database,
    private readonly guard: LockoutGuard,
  ) {}

  /** Everything that touches it; the asker's own address first. @param address canonical */
  async touching(address: IpNetwork, actor: Pick<Actor, 'address'>): Promise<AddressListing[]> {
    const [guarded, allowed] = await Promise.all([
      this.guard.guarded(actor),
      this.database.read.allow.list(Date.now()),
    ]);
    const ends = new Map(allowed.map((entry) => [tryParseNetwork(entry.address), entry.expiresAtMs]));
    const found = guarded.filter(({ network }) => overlaps(network, address));
    const listings = found.map(({ owner, network, note }) => ({
      kind: owner,
      entry: network,
      comment: note,
      expiresAt: owner === 'allowed' ? timeOrNull(ends.get(network) ?? null) : null,
    }));
    // Several browsers may come from one address.
    return [...new Map(listings.map((listing) => [`${listing.kind} ${listing.entry}`, listing])).values()];
  }
}
