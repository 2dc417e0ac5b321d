import type { TimedBan, TimedBanStore } from './timed-ban-store.js';

/** Timed bans noted before fail2ban is told, so that none is made whose end nobody knows. */
export class Pledge {
  readonly #open = new Map<string, { readonly ban: TimedBan; readonly former: TimedBan | undefined }>();

  constructor(
    private readonly store: TimedBanStore,
    bans: readonly TimedBan[],
    private readonly onKept: () => void,
  ) {
    for (const ban of bans)
      this.#open.set(`${ban.jail}\0${ban.address}`, { ban, former: store.get(ban.jail, ban.address) });
    store.putAll(bans);
  }

  /** fail2ban has banned it, had before, or nobody knows whether it did: the new end counts. */
  keep(jail: string, address: string): void {
    this.#open.delete(`${jail}\0${address}`);
  }

  /** Puts back what stood before of everything that was not kept. */
  close(): void {
    for (const { ban, former } of this.#open.values()) {
      if (former === undefined) this.store.remove(ban.jail, ban.address);
      else this.store.put(former);
    }
    this.onKept();
  }
}
