import { NetworkSet, parseNetwork, tryParseAddress, type IpNetwork } from '@bailiff/ip';
import { Injectable } from '@nestjs/common';
import { networkInterfaces } from 'node:os';

const LOOPBACK = ['127.0.0.0/8', '::1'].map(parseNetwork);

/** Who would be locked out by a ban. */
export interface ProtectedAddress {
  readonly address: string;
  readonly owner: 'operator' | 'gateway';
}

/**
 * Finds what must not be banned without force: a target that covers or lies in the operator's own address or one of the
 * gateway's. The host's own addresses are guarded by its agent, which knows them.
 * @param targets canonical networks @param operator canonical address the request came from
 */
export function findProtected(
  targets: readonly IpNetwork[],
  operator: IpNetwork | undefined,
  gateway: NetworkSet,
): ProtectedAddress | undefined {
  const own = operator === undefined ? undefined : new NetworkSet([operator]);
  for (const target of targets) {
    if (own?.touches(target) === true) return { address: target, owner: 'operator' };
    if (gateway.touches(target)) return { address: target, owner: 'gateway' };
  }
  return undefined;
}

/** The lock-out guard with this machine's real addresses. */
@Injectable()
export class ProtectedAddresses {
  /** First protected target, if any. `clientAddress` is the request's address after trusted proxies. */
  find(targets: readonly IpNetwork[], clientAddress: string | null): ProtectedAddress | undefined {
    const operator = clientAddress === null ? undefined : tryParseAddress(clientAddress);
    return findProtected(targets, operator, gatewayAddresses());
  }
}

// Asked each time: interfaces come and go, and a ban by hand is rare.
function gatewayAddresses(): NetworkSet {
  const found = Object.values(networkInterfaces()).flatMap((entries) =>
    (entries ?? []).flatMap(({ address }) => tryParseAddress(address.replace(/%.*$/, '')) ?? []),
  );
  return new NetworkSet([...LOOPBACK, ...found]);
}
