import type { LiveMessage } from '@bailiff/contracts/http';

/** Rows a reconnecting client gets one by one; past that it is told to load its lists again. */
export const CATCH_UP_LIMIT = 1_000;

/** What a client missed. */
export interface Missed {
  /** Oldest first; undefined when too much was missed or the position is not one of ours. */
  readonly messages: readonly LiveMessage[] | undefined;
  /** Newest position stored at the time of reading. */
  readonly head: number;
}

/** Reads stored bans and unbans after a position. */
export abstract class LiveCatchUp {
  /** @param since last position the client saw; undefined: it saw nothing and wants nothing */
  abstract read(since: number | undefined): Promise<Missed>;
}
