import type { Fail2banClient } from '@bailiff/fail2ban-protocol';
import { tryParseNetwork } from '@bailiff/ip';

/** How long a list is taken for what is banned; unbans that are told of meanwhile are taken out of it. */
const FRESH_MS = 5_000;

/**
 * What one jail bans, by exact text. fail2ban looks every id it is asked about up in its whole list, and serves nobody else
 * meanwhile: the list itself costs no more than a few such questions.
 */
export class PresentBans {
  #banned: Set<string> | undefined;
  #jail = '';
  #atMs = 0;

  constructor(private readonly client: Fail2banClient) {}

  /** @throws {UnknownJailError} and what else the protocol library throws */
  async of(jail: string): Promise<ReadonlySet<string>> {
    if (this.#banned === undefined || jail !== this.#jail || performance.now() - this.#atMs > FRESH_MS) {
      this.forget();
      const atMs = performance.now();
      this.#banned = new Set((await this.client.jail(jail).bans.listUnsorted({ priority: 'bulk' })).map(canonical));
      [this.#jail, this.#atMs] = [jail, atMs];
    }
    return this.#banned;
  }

  /** fail2ban has banned these. */
  add(jail: string, ids: readonly string[]): void {
    if (jail === this.#jail) for (const id of ids) this.#banned?.add(id);
  }

  /** fail2ban has unbanned these. */
  remove(jail: string, ids: readonly string[]): void {
    if (jail === this.#jail) for (const id of ids) this.#banned?.delete(id);
  }

  /** fail2ban may have started anew, or nothing is to be done for a while. */
  forget(): void {
    this.#banned = undefined;
  }
}

/** fail2ban spells some IPv6 addresses with an IPv4 tail. */
function canonical(id: string): string {
  return id.includes(':') && id.includes('.') ? (tryParseNetwork(id) ?? id) : id;
}
