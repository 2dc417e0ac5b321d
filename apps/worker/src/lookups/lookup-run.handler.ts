import { JOBS, LookupRunJob, type LookupRunResult, QUEUES } from '@bailiff/contracts/jobs';
import { isAddress, isPrivateOrReserved, parseNetwork } from '@bailiff/ip';
import { Injectable } from '@nestjs/common';
import type { JobHandler } from '../jobs/job-handler.js';
import { AbuseIpdbLookup } from './abuse-ipdb-lookup.js';
import { LookupError } from './lookup.error.js';
import type { LookupSource } from './lookup-source.js';
import { OtxLookup } from './otx-lookup.js';
import { RdapLookup } from './rdap-lookup.js';
import { ReverseDnsLookup } from './reverse-dns-lookup.js';

/**
 * Asks one service about one address. A refusal or a silence is an answer too ("failed, because"), so that whoever waits hears of
 * it at once; asking again is theirs to decide, and costs quota.
 */
@Injectable()
export class LookupRunHandler implements JobHandler<LookupRunJob, LookupRunResult> {
  readonly queue = QUEUES.lookups;
  readonly job = JOBS.lookupRun;
  readonly payload = LookupRunJob;
  private readonly sources: readonly LookupSource[];

  constructor(rdap: RdapLookup, names: ReverseDnsLookup, abuseIpdb: AbuseIpdbLookup, otx: OtxLookup) {
    this.sources = [rdap, names, abuseIpdb, otx];
  }

  async run({ askId, address, kind, expiresAtMs = Infinity }: LookupRunJob): Promise<LookupRunResult> {
    const ask = { v: 1, askId, address, kind } as const;
    try {
      if (Date.now() >= expiresAtMs)
        throw new LookupError('lookup/no-worker', 'No worker ran when it was asked; nobody was asked afterwards.');
      const facts = await this.find(address, kind);
      return { ...ask, outcome: facts === null ? 'nothing' : 'found', code: null, detail: null, facts };
    } catch (error) {
      if (!(error instanceof LookupError)) throw error;
      return { ...ask, outcome: 'failed', code: error.code, detail: error.message, facts: null };
    }
  }

  private find(text: string, kind: string): Promise<object | null> {
    const address = parseNetwork(text);
    const source = this.sources.find((candidate) => candidate.kind === kind);
    // The gateway asks for none of these; a worker does not take its word for it.
    if (source === undefined || isPrivateOrReserved(address) || (kind !== 'rdap' && !isAddress(address)))
      throw new LookupError('lookup/refused', 'Nobody is asked about such an address.');
    return source.find(address);
  }
}
