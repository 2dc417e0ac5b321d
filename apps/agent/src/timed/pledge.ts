import type { TimedBan, TimedBanStore } from './timed-ban-store.js';

/** A ban that is about to be made, and what stood before. */
export interface Pledged {
  readonly ban: TimedBan;
  readonly former: TimedBan | undefined;
}

/** Timed bans noted before fail2ban is told, so that none is made whose end nobody knows. */
export class Pledge {
  readonly #open: Map<string, Pledged>;

  constructor(
    private readonly store: TimedBanStore,
    pledged: readonly Pledged[],
    private readonly onClose: () => void,
  ) {
    this.#open = new Map(pledged.map((one) => [keyOf(one.ban.jail, one.ban.address), one]));
    store.putAll(pledged.map(({ ban }) => ban));
  }

  /** fail2ban has banned it, had before, or nobody knows whether it did: the new end counts. */
  keep(jail: string, address: string): void {
    this.#open.delete(keyOf(jail, address));
  }

  /** Puts back what stood before of everything that was not kept. */
  close(): void {
    const open = [...this.#open.values()];
    this.store.change(
      open.flatMap(({ former }) => former ?? []),
      open.flatMap(({ ban, former }) => (former === undefined ? ban : [])),
    );
    this.onClose();
  }
}

function keyOf(jail: string, address: string): string {
  return `${jail}\0${address}`;
}
