/** What one reply may cost. Past any of these the reply is refused and the connection dropped. */
export interface ReplyLimits {
  /** Bytes of one reply. 50,000 bans are 1 MB, with times 3.2 MB. */
  readonly maxReplyBytes: number;
  /** Nesting of lists, dicts and objects. */
  readonly maxDepth: number;
  /** Values in all containers together, counted as often as they appear. */
  readonly maxElements: number;
  /** Lists, tuples, dicts and objects. */
  readonly maxContainers: number;
  /** Values held on the decoder's stack at once; the pickler flushes lists every 1,000. */
  readonly maxStack: number;
  /** Remembered values; fail2ban's lists of addresses use three an address. */
  readonly maxMemo: number;
}

/** Ten times what a busy server sends, and small enough for a small host. */
export const DEFAULT_REPLY_LIMITS: ReplyLimits = {
  maxReplyBytes: 32 * 1024 * 1024,
  maxDepth: 100,
  maxElements: 2_000_000,
  maxContainers: 400_000,
  maxStack: 250_000,
  maxMemo: 4_000_000,
};
