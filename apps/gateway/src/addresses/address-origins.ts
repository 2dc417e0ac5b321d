import type { AddressReport } from '@bailiff/contracts/http';
import { type IpNetwork } from '@bailiff/ip';
import { Database } from '@bailiff/persistence';
import { Injectable } from '@nestjs/common';

/** Where an address is and whose it is, as far as our own data go. Never waits for anybody. */
@Injectable()
export class AddressOrigins {
  constructor(private readonly database: Database) {}

  /** @param network for a network: what is known of its first address */
  async of(network: IpNetwork): Promise<Pick<AddressReport, 'country' | 'asn' | 'asName' | 'rir'>> {
    const address = network.split('/')[0] ?? network;
    const [known] = await this.database.read.geo.find([address]);
    return { country: known?.country ?? null, asn: null, asName: null, rir: null };
  }
}
