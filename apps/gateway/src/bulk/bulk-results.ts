import { setImmediate as nextTurn } from 'node:timers/promises';
import { BULK_CHUNK_SIZE } from '@bailiff/contracts/agent';
import type { BulkResult, BulkResultRow } from '@bailiff/contracts/http';
import type { BulkFailure, BulkJob, BulkPart, Repositories } from '@bailiff/persistence';
import { reasonAt, resultAt } from './part-results.js';

/** Which results are meant; absent fields mean all. */
export interface ResultFilter {
  readonly result?: BulkResult | undefined;
  readonly host?: string | undefined;
  readonly q?: string | undefined;
}

/** Place in a job's results: a part and a position of the list. */
export interface ResultPlace {
  readonly part: number;
  readonly position: number;
}

/** Positions looked at between two turns of everybody else. */
const SLICE = 20_000;

/** A job with everything that says what became of its entries. */
export class ResultWalk {
  /** Reasons of one chunk of one part; every entry may have one of its own. */
  private reasons: { readonly key: string; readonly failures: readonly BulkFailure[] } | undefined;
  private readonly chunks = new Map<number, readonly string[]>();

  constructor(
    private readonly repositories: Repositories,
    private readonly job: BulkJob,
    private readonly parts: readonly BulkPart[],
  ) {}

  /** Rows that fit, in the order of the list, part by part, each with its place. */
  async *rows(filter: ResultFilter, from: ResultPlace): AsyncGenerator<{ row: BulkResultRow; place: ResultPlace }> {
    const q = filter.q?.trim().toLowerCase() ?? '';
    let looked = 0;
    for (const part of this.parts) {
      if (part.number < from.part || (filter.host !== undefined && part.hostId !== filter.host)) continue;
      const start = part.number === from.part ? from.position : 0;
      for (let position = start; position < this.job.entries; position += 1) {
        looked += 1;
        if (looked % SLICE === 0) await nextTurn();
        const result = resultAt(part, position);
        if (filter.result !== undefined && result !== filter.result) continue;
        const address = await this.addressAt(position);
        if (q !== '' && !address.includes(q)) continue;
        yield { row: await this.rowOf(part, position, address, result), place: { part: part.number, position } };
      }
    }
  }

  private async rowOf(part: BulkPart, position: number, address: string, result: BulkResult): Promise<BulkResultRow> {
    const isPlain = result === 'done' || result === 'unchanged' || result === 'pending';
    return {
      id: `${part.number}.${position}`,
      hostId: part.hostId,
      hostName: part.hostName,
      jail: part.jail,
      address,
      result,
      ...(isPlain
        ? { code: null, detail: null }
        : reasonAt(part, await this.failuresAround(part.number, position), position)),
    };
  }

  private async failuresAround(part: number, position: number): Promise<readonly BulkFailure[]> {
    const from = position - (position % BULK_CHUNK_SIZE);
    const key = `${part}.${from}`;
    if (this.reasons?.key !== key) {
      const failures = await this.repositories.bulk.failures(this.job.id, part, from, from + BULK_CHUNK_SIZE);
      this.reasons = { key, failures };
    }
    return this.reasons.failures;
  }

  private async addressAt(position: number): Promise<string> {
    const number = Math.floor(position / BULK_CHUNK_SIZE);
    let chunk = this.chunks.get(number);
    if (chunk === undefined) {
      chunk = (await this.repositories.bulk.chunk(this.job.id, 'entries', number))?.split('\n') ?? [];
      this.chunks.set(number, chunk);
    }
    return chunk[position % BULK_CHUNK_SIZE] ?? '';
  }
}
