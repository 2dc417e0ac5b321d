import type { Page, RepeatOffender, RepeatOffenderQuery } from '@bailiff/contracts/http';
import { Database } from '@bailiff/persistence';
import { Injectable } from '@nestjs/common';
import { HostNames } from '../hosts/host-names.js';
import { hostScope } from '../hosts/host-scope.js';

/** Addresses that were banned more than once. */
@Injectable()
export class RepeatOffendersService {
  constructor(
    private readonly database: Database,
    private readonly hostNames: HostNames,
  ) {}

  /** Most bans first. */
  async page(query: RepeatOffenderQuery): Promise<Page<RepeatOffender>> {
    const { hosts, jail, country, asn, q, from } = query;
    const sinceMs = from === undefined ? undefined : Date.parse(from);
    const filter = { hostIds: hostScope(hosts), jail, country, asn, q, sinceMs };
    const [names, { items, nextCursor }] = await Promise.all([
      this.hostNames.load(),
      this.database.read.offenders.page(filter, query),
    ]);
    return {
      items: items.map(({ offender, places }) => ({
        address: offender.address,
        bans: offender.bans,
        firstAt: new Date(offender.firstAtMs).toISOString(),
        lastAt: new Date(offender.lastAtMs).toISOString(),
        country: offender.country,
        asn: offender.asn,
        places: places.map((place) => ({ ...place, hostName: names.get(place.hostId) ?? place.hostId })),
      })),
      nextCursor,
      total: null,
    };
  }
}
