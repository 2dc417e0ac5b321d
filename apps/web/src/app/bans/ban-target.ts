/** One ban: an address in a jail of a host. */
export interface BanTarget {
  readonly hostId: string;
  readonly jail: string;
  readonly address: string;
}

/** A request's worth of targets: every address is meant in the one jail of the one host. */
export interface TargetGroup {
  readonly hostId: string;
  readonly jail: string;
  readonly addresses: readonly string[];
}

/** The API takes so many addresses at once. */
export const MAX_ADDRESSES = 500;

/** Targets as requests that mean exactly them: by host and jail, in portions the API takes. */
export function groupTargets(targets: readonly BanTarget[]): readonly TargetGroup[] {
  const groups = new Map<string, { hostId: string; jail: string; addresses: Set<string> }>();
  for (const { hostId, jail, address } of targets) {
    const key = `${hostId}/${jail}`;
    const group = groups.get(key) ?? { hostId, jail, addresses: new Set<string>() };
    group.addresses.add(address);
    groups.set(key, group);
  }
  return [...groups.values()].flatMap(({ hostId, jail, addresses }) => {
    const all = [...addresses];
    const portions = Math.ceil(all.length / MAX_ADDRESSES);
    return Array.from({ length: portions }, (_, i) => ({
      hostId,
      jail,
      addresses: all.slice(i * MAX_ADDRESSES, (i + 1) * MAX_ADDRESSES),
    }));
  });
}
