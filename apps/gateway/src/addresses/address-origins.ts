import type { AddressReport } from '@bailiff/contracts/http';
import { parseAddress, type IpNetwork } from '@bailiff/ip';
import { Injectable } from '@nestjs/common';
import { NetworkInfo } from '../geo/network-info.js';

/** Where an address is and whose it is, as far as our own data go. Never waits for anybody. */
@Injectable()
export class AddressOrigins {
  constructor(private readonly networks: NetworkInfo) {}

  /** @param network for a network: what is known of its first address */
  async of(network: IpNetwork): Promise<Pick<AddressReport, 'country' | 'asn' | 'asName' | 'rir'>> {
    const address = parseAddress(network.split('/')[0] ?? network);
    const known = (await this.networks.describe([address])).get(address);
    return {
      country: known?.country ?? null,
      asn: known?.asn ?? null,
      asName: known?.asName ?? null,
      rir: known?.rir ?? null,
    };
  }
}
