import type { BanOutcome } from '@bailiff/contracts/http';
import { MAX_SECONDS } from './duration-seconds';

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

/** A ban that was lifted and is to be put back. */
export interface LiftedTarget extends BanTarget {
  /** What it had left, −1 for ever; undefined: the jail decides. */
  readonly durationSeconds: number | undefined;
  readonly reason: string | undefined;
}

/** A request's worth of bans to put back. */
export interface LiftedGroup extends TargetGroup {
  readonly durationSeconds: number | undefined;
  readonly reason: string | undefined;
}

/** Up to so many bans get back exactly what they had left; of more, those that end at about the same time go together. */
const MAX_EXACT = 20;
/** How far apart ends that go together are, as a ratio. */
const STEP = 1.05;

/** Bans that were lifted, each in its own jail. Those that would be over by now are left out. */
export function liftedTargets(outcomes: readonly BanOutcome[]): readonly LiftedTarget[] {
  return outcomes.flatMap(({ hostId, jail, address, result, lifted }): LiftedTarget[] => {
    if (result !== 'unbanned' || address === null) return [];
    if (lifted === undefined || lifted.length === 0)
      return jail === null ? [] : [{ hostId, jail, address, durationSeconds: undefined, reason: undefined }];
    return lifted
      .filter(({ secondsLeft }) => secondsLeft !== 0)
      .map((ban) => ({
        hostId,
        jail: ban.jail,
        address,
        durationSeconds: ban.secondsLeft ?? -1,
        reason: ban.reason ?? undefined,
      }));
  });
}

/** Requests that put bans back as they were. */
export function groupLifted(targets: readonly LiftedTarget[]): readonly LiftedGroup[] {
  const isExact = targets.length <= MAX_EXACT;
  const rounded = targets.map((target) => ({
    ...target,
    durationSeconds: isExact ? target.durationSeconds : roundedUp(target.durationSeconds),
  }));
  const alike = Map.groupBy(rounded, ({ durationSeconds, reason }) => JSON.stringify([durationSeconds, reason]));
  return [...alike.values()].flatMap((group) => {
    const { durationSeconds, reason } = group[0] ?? {};
    return groupTargets(group).map((portion) => ({ ...portion, durationSeconds, reason }));
  });
}

function roundedUp(seconds: number | undefined): number | undefined {
  if (seconds === undefined || seconds <= 0) return seconds;
  return Math.min(MAX_SECONDS, Math.ceil(STEP ** Math.ceil(Math.log(seconds) / Math.log(STEP))));
}
