import type { ReverseName } from '@bailiff/contracts/http';
import { family, type IpNetwork, sortKey, tryParseAddress } from '@bailiff/ip';
import { Injectable } from '@nestjs/common';
import { Resolver } from 'node:dns/promises';
import { WorkerConfig } from '../worker.config.js';
import { cleanText } from './clean-text.js';
import { LookupError } from './lookup.error.js';
import type { LookupSource } from './lookup-source.js';

/** An address may have any number of names; the first few tell enough. */
const MAX_NAMES = 5;
const UNKNOWN = ['ENOTFOUND', 'ENODATA'];
const TRIES = 2;

/** The names an address gives itself, and whether they lead back to it. */
@Injectable()
export class ReverseDnsLookup implements LookupSource {
  readonly kind = 'reverse-dns';

  constructor(private readonly config: WorkerConfig) {}

  async find(address: IpNetwork): Promise<{ names: ReverseName[] } | null> {
    const { dnsServers, lookupTimeoutMs } = this.config;
    const resolver = new Resolver({ timeout: Math.ceil(lookupTimeoutMs / TRIES), tries: TRIES });
    if (dnsServers.length > 0) resolver.setServers(dnsServers);
    const found = await asked(() => resolver.resolvePtr(reverseName(address)));
    const names = [...new Set(found)].slice(0, MAX_NAMES);
    if (names.length === 0) return null;
    return { names: await Promise.all(names.map((name) => this.confirm(resolver, name, address))) };
  }

  private async confirm(resolver: Resolver, name: string, address: IpNetwork): Promise<ReverseName> {
    const shown = cleanText(name, 255) ?? '?';
    try {
      const back = await asked(() => (family(address) === 4 ? resolver.resolve4(name) : resolver.resolve6(name)));
      return { name: shown, isConfirmed: back.some((text) => tryParseAddress(text) === address) };
    } catch (error) {
      if (error instanceof LookupError) return { name: shown, isConfirmed: false };
      throw error;
    }
  }
}

/**
 * The name that holds an address's names. Asked for as a record: Node's `reverse` also reads /etc/hosts, and tells a DNS server
 * that is broken or silent as "not found".
 * @see RFC 1035 section 3.5, RFC 3596 section 2.5
 */
function reverseName(address: IpNetwork): string {
  if (family(address) === 4) return `${address.split('.').reverse().join('.')}.in-addr.arpa`;
  // The key is the family, 32 hexadecimal digits, and the prefix.
  return `${[...sortKey(address).slice(1, 33)].reverse().join('.')}.ip6.arpa`;
}

/** Answers of a resolver; none when the name is not known. @throws {LookupError} */
async function asked(question: () => Promise<string[]>): Promise<string[]> {
  try {
    return await question();
  } catch (error) {
    const code = String((error as NodeJS.ErrnoException).code);
    if (UNKNOWN.includes(code)) return [];
    if (code === 'ETIMEOUT')
      throw new LookupError('lookup/timed-out', 'The DNS server did not answer.', { cause: error });
    throw new LookupError('lookup/unreachable', `The DNS server did not answer the question (${code}).`, {
      cause: error,
    });
  }
}
