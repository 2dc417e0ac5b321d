import type { BanOutcome, LiftedBan } from '@bailiff/contracts/http';
import { type ActiveBan, Database } from '@bailiff/persistence';
import { Injectable } from '@nestjs/common';
import { BanNotes } from './ban-notes.js';

/** Remembers bans that are about to be lifted, so that whoever lifted them can put them back as they were. */
@Injectable()
export class LiftedBans {
  constructor(
    private readonly database: Database,
    private readonly notes: BanNotes,
  ) {}

  /**
   * Call before the bans are lifted.
   * @param jails undefined: every jail
   * @returns adds to an outcome what its ban was
   */
  async before(
    hostId: string,
    addresses: readonly string[],
    jails: readonly string[] | undefined,
  ): Promise<(outcome: BanOutcome) => BanOutcome> {
    const all = await this.database.read.activeBans.findByAddresses(hostId, addresses);
    const bans = all.filter(({ jail }) => jails === undefined || jails.includes(jail));
    const reasons = await this.notes.reasons(bans);
    const byAddress = Map.groupBy(bans, ({ address }) => address);
    const nowMs = Date.now();
    return (outcome) => {
      const { jail, address, result } = outcome;
      if (result !== 'unbanned' || address === null) return outcome;
      const own = (byAddress.get(address) ?? []).filter((ban) => jail === null || jail === ban.jail);
      return { ...outcome, lifted: own.map((ban) => toLifted(ban, reasons.get(ban.id) ?? null, nowMs)) };
    };
  }
}

function toLifted({ jail, expiresAtMs }: ActiveBan, reason: string | null, nowMs: number): LiftedBan {
  const secondsLeft = expiresAtMs === null ? null : Math.max(0, Math.ceil((expiresAtMs - nowMs) / 1_000));
  return { jail, secondsLeft, reason };
}
