import type { BanOutcome } from '@bailiff/contracts/http';
import { type ActiveBan, type BanNote, Database } from '@bailiff/persistence';
import { Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import type { Actor } from '../auth/actor.js';
import { LiveFeed } from '../live/live-feed.js';

const PURGE_EVERY_MS = 3_600_000;
/** A note about a ban that has not been reported yet is not about none. */
const KEEP_MS = 3_600_000;
/** Two clocks, and fail2ban's whole seconds. */
const TIE_MS = 60_000;

/** What was said about bans by hand: why, and for how long. */
@Injectable()
export class BanNotes {
  private readonly logger = new Logger(BanNotes.name);

  constructor(
    private readonly database: Database,
    private readonly feed: LiveFeed,
  ) {}

  /** Keeps reason and length of what was banned, and shows the new end where the address was banned before. */
  async keep(
    actor: Pick<Actor, 'name'>,
    outcomes: readonly BanOutcome[],
    { reason, durationSeconds }: { readonly reason: string | null; readonly durationSeconds: number | null },
  ): Promise<void> {
    if (reason === null && durationSeconds === null) return;
    const atMs = Date.now();
    const notes = outcomes.flatMap(({ hostId, jail, address, result }): BanNote[] =>
      jail === null || address === null || (result !== 'banned' && result !== 'unchanged')
        ? []
        : [{ hostId, jail, address, reason, actor: actor.name, atMs, durationSeconds }],
    );
    await this.database.withTransaction(async ({ banNotes, activeBans }) => {
      await banNotes.put(notes);
      if (durationSeconds === null) return;
      const expiresAtMs = durationSeconds < 0 ? null : atMs + durationSeconds * 1_000;
      const groups = Map.groupBy(notes, ({ hostId, jail }) => `${hostId} ${jail}`);
      for (const group of groups.values()) {
        const [first] = group;
        if (first === undefined) continue;
        const addresses = group.map(({ address }) => address);
        await activeBans.setEnd(first.hostId, first.jail, addresses, expiresAtMs);
      }
    });
    this.tell(notes, atMs);
  }

  private tell(notes: readonly BanNote[], atMs: number): void {
    for (const [hostId, own] of Map.groupBy(notes, (note) => note.hostId)) {
      const [first] = own;
      if (first === undefined) continue;
      const { reason, durationSeconds } = first;
      const end = durationSeconds === null || durationSeconds < 0 ? null : new Date(atMs + durationSeconds * 1_000);
      this.feed.publish({
        type: 'ban_noted',
        hostId,
        bans: own.map(({ jail, address }) => ({ jail, address })),
        reason,
        ...(durationSeconds === null ? {} : { expiresAt: end?.toISOString() ?? null }),
      });
    }
  }

  /** Reasons of current bans, by their id. */
  async reasons(bans: readonly ActiveBan[]): Promise<Map<number, string>> {
    const hostIds = [...new Set(bans.map(({ hostId }) => hostId))];
    const notes = await this.database.read.banNotes.find(
      hostIds,
      bans.map(({ address }) => address),
    );
    const byKey = new Map(notes.map((note) => [keyOf(note), note]));
    return new Map(
      bans.flatMap((ban) => {
        const note = byKey.get(keyOf(ban));
        if (note === undefined || note.reason === null || !isAbout(note, ban)) return [];
        return [[ban.id, note.reason] as const];
      }),
    );
  }

  @Interval(PURGE_EVERY_MS)
  async purge(): Promise<void> {
    try {
      await this.database.withTransaction(({ banNotes }) => banNotes.purge(Date.now() - KEEP_MS));
    } catch (error) {
      this.logger.warn({ err: error }, 'notes of bans that are over not purged');
    }
  }
}

function keyOf({ hostId, jail, address }: Pick<BanNote, 'hostId' | 'jail' | 'address'>): string {
  return `${hostId} ${jail} ${address}`;
}

/** A ban made after the note may be another one: only a timed ban is made again by itself, within its time. */
function isAbout({ atMs, durationSeconds }: BanNote, { bannedAtMs }: ActiveBan): boolean {
  if (bannedAtMs <= atMs + TIE_MS) return true;
  if (durationSeconds === null) return false;
  return durationSeconds < 0 || bannedAtMs < atMs + durationSeconds * 1_000;
}
