import { Injectable } from '@nestjs/common';
import { NetworkInfo } from '../geo/network-info.js';

/** Who runs autonomous systems, as far as it is known here. */
@Injectable()
export class NetworkNames {
  constructor(private readonly networks: NetworkInfo) {}

  /** Names of some systems by their number; those nobody knows are left out. */
  find(asns: readonly number[]): Promise<ReadonlyMap<number, string>> {
    return this.networks.asNames(asns);
  }
}
