import type { LookupKind } from '@bailiff/contracts/http';
import type { IpNetwork } from '@bailiff/ip';

/** Somebody who can be asked about an address. */
export interface LookupSource {
  readonly kind: LookupKind;
  /**
   * @param address canonical, public; a network only for `rdap`
   * @returns what is known, in the shape of the kind's contract; null when nothing is
   * @throws {LookupError} when there is no usable answer
   */
  find(address: IpNetwork): Promise<object | null>;
}
