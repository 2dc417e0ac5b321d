import type { ReverseName } from '@bailiff/contracts/http';
import { family, type IpNetwork, tryParseAddress } from '@bailiff/ip';
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
    const found = await asked(() => resolver.reverse(address));
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

/** Answers of a resolver; none when the name is not known. @throws {LookupError} */
async function asked(question: () => Promise<string[]>): Promise<string[]> {
  try {
    return await question();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (UNKNOWN.includes(code)) return [];
    if (code === 'ETIMEOUT')
      throw new LookupError('lookup/timed-out', 'The DNS server did not answer.', { cause: error });
    throw new LookupError('lookup/unreachable', `The DNS server did not answer the question (${code}).`, {
      cause: error,
    });
  }
}
