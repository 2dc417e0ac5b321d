import { Injectable } from '@nestjs/common';

/** Who runs autonomous systems, as far as it is known here. */
@Injectable()
export class NetworkNames {
  /** Names of some systems by their number; those nobody knows are left out. */
  find(asns: readonly number[]): Promise<ReadonlyMap<number, string>> {
    void asns;
    return Promise.resolve(new Map());
  }
}
