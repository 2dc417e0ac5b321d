import type { GuardFinding, GuardOwner } from '@bailiff/contracts/http';
import { NetworkSet, overlaps, type IpNetwork } from '@bailiff/ip';

/** Something that a ban must not touch. */
export interface Guarded {
  readonly network: IpNetwork;
  readonly owner: GuardOwner;
  /** What people know it by: a comment, a browser. */
  readonly note: string | null;
}

const OWNERS: Record<GuardOwner, string> = {
  operator: 'the address you come from',
  session: 'the address of somebody who is signed in here',
  gateway: 'an address of this console',
  protected: 'on the protected list',
  allowed: 'on the allow list',
};

/** The sooner in the list, the more a ban of it hurts: what is said when a target touches several. */
const ORDER: readonly GuardOwner[] = ['operator', 'session', 'gateway', 'protected', 'allowed'];

/**
 * The first thing of each target that it covers or lies in. Quick for many targets: they are only looked at closely when
 * they touch anything at all.
 */
export function findGuarded(targets: readonly IpNetwork[], guarded: readonly Guarded[]): GuardFinding[] {
  const all = new NetworkSet(guarded.map(({ network }) => network));
  const byWeight = guarded.toSorted((a, b) => ORDER.indexOf(a.owner) - ORDER.indexOf(b.owner));
  return targets.flatMap((target) => {
    if (!all.touches(target)) return [];
    const touched = byWeight.find(({ network }) => overlaps(network, target));
    return touched === undefined ? [] : [findingOf(target, touched)];
  });
}

function findingOf(address: IpNetwork, { network, owner, note }: Guarded): GuardFinding {
  const relation = address === network ? 'is' : 'touches';
  const what = owner === 'protected' || owner === 'allowed' ? `${network}, which is ${OWNERS[owner]}` : OWNERS[owner];
  const text = address === network ? OWNERS[owner] : what;
  const said = note === null ? '' : ` (${note})`;
  return { address, owner, protects: network, detail: `${address} ${relation} ${text}${said}` };
}
