import type { Database, GatewaySign } from '@bailiff/persistence';

/** How an act ends that nobody waits for any more: what became of it is not known. */
const END = { result: 'unknown', code: 'agent/outcome-unknown' } as const;
const SLICE = 200;

interface Watched {
  readonly beats: number | null;
  readonly looks: number;
}

/**
 * Ends acts of gateways that are gone. A gateway is gone when its sign stood still for so many looks in a row: looks are
 * counted, not clocks compared, and one that fails begins the count anew, as the others could not give their sign either.
 */
export class AbandonedActs {
  #watched = new Map<string, Watched>();

  /** @param looks how often a sign is seen unchanged until its gateway is taken for gone */
  constructor(
    private readonly database: Database,
    private readonly ownId: string,
    private readonly looks: number,
  ) {}

  /** Looks once. @returns how many acts were ended */
  async look(nowMs: number): Promise<number> {
    const before = this.#watched;
    this.#watched = new Map();
    const signs = (await this.database.read.gateways.signs()).filter(({ id }) => id !== this.ownId);
    const gone: GatewaySign[] = [];
    for (const { id, beats } of signs) {
      const last = before.get(id);
      const looks = last !== undefined && last.beats === beats ? last.looks + 1 : 0;
      this.#watched.set(id, { beats, looks });
      if (looks >= this.looks) gone.push({ id, beats });
    }
    let ended = 0;
    for (const sign of gone) ended += await this.#end(sign, nowMs);
    return ended;
  }

  /** Begins every count anew: this gateway could not give its own sign, so others perhaps neither. */
  forget(): void {
    this.#watched.clear();
  }

  async #end(sign: GatewaySign, nowMs: number): Promise<number> {
    let ended = 0;
    for (;;) {
      const slice = await this.database.withTransaction(async ({ audit, gateways }) => {
        if (!(await gateways.strike(sign))) return 0;
        const ids = await gateways.waitingWith(sign.id, SLICE);
        for (const id of ids) await audit.complete(id, { ...END, completedAtMs: nowMs });
        return ids.length;
      });
      ended += slice;
      if (slice < SLICE) return ended;
    }
  }
}
