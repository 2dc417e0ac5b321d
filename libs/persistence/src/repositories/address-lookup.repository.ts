import { type EntityManager, LessThan, MoreThan, Not, IsNull } from 'typeorm';
import { AddressLookup, type LookupOutcome } from '../entities/index.js';
import { execute, storableText } from '../sql/dialect.js';

/** How a look-up ended. */
export interface LookupAnswer {
  readonly outcome: LookupOutcome;
  readonly code: string | null;
  readonly detail: string | null;
  readonly facts: object | null;
}

/** Answers of look-ups about addresses. */
export class AddressLookupRepository {
  constructor(private readonly manager: EntityManager) {}

  /** Every kind that was ever asked about an address. @param address canonical */
  list(address: string): Promise<AddressLookup[]> {
    return this.manager.findBy(AddressLookup, { address });
  }

  /** Notes a question; the answer before it stays until the new one comes. */
  async ask(address: string, kind: string, askId: string, nowMs: number): Promise<void> {
    await execute(
      this.manager,
      `INSERT INTO address_lookup (address, kind, ask_id, asked_at_ms) VALUES (?, ?, ?, ?)
       ON CONFLICT (address, kind) DO UPDATE SET ask_id = excluded.ask_id, asked_at_ms = excluded.asked_at_ms`,
      [address, kind, askId, nowMs],
    );
  }

  /** Stores the answer to a question. Whether it was still awaited. */
  async answer(
    { address, kind, askId }: { readonly address: string; readonly kind: string; readonly askId: string },
    { outcome, code, detail, facts }: LookupAnswer,
    nowMs: number,
  ): Promise<boolean> {
    const { affected } = await this.manager.update(
      AddressLookup,
      { address, kind, askId },
      {
        askId: null,
        answeredAtMs: nowMs,
        outcome,
        code,
        detail: detail === null ? null : storableText(detail),
        facts,
      },
    );
    return (affected ?? 0) > 0;
  }

  /** Number of questions asked since a time that wait for their answer. */
  countPending(sinceMs: number): Promise<number> {
    return this.manager.countBy(AddressLookup, { askId: Not(IsNull()), askedAtMs: MoreThan(sinceMs) });
  }

  /** Forgets what nobody asked for since a time; how many. */
  async purge(beforeMs: number): Promise<number> {
    return (await this.manager.delete(AddressLookup, { askedAtMs: LessThan(beforeMs) })).affected ?? 0;
  }
}
