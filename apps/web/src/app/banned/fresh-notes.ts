import type { ActiveBan, LiveMessage } from '@bailiff/contracts/http';

type Note = Extract<LiveMessage, { type: 'ban_noted' }>;
type Noted = Pick<ActiveBan, 'reason' | 'expiresAt'>;

/** A ban arrives within moments of its note; before the next one there may be many. */
const KEPT = 2_000;

/** What was just said of bans by hand: the note may come before its ban, or after it. */
export class FreshNotes {
  private readonly notes = new Map<string, Partial<Noted>>();

  take({ hostId, bans, reason, expiresAt }: Note): void {
    for (const { jail, address } of bans) {
      const note = { ...(reason === null ? {} : { reason }), ...(expiresAt === undefined ? {} : { expiresAt }) };
      this.notes.set(`${hostId} ${jail} ${address}`, note);
    }
    for (const key of this.notes.keys()) {
      if (this.notes.size <= KEPT) break;
      this.notes.delete(key);
    }
  }

  /** What is to be shown instead. */
  of({ hostId, jail, address }: ActiveBan): Partial<Noted> {
    return this.notes.get(`${hostId} ${jail} ${address}`) ?? {};
  }
}
