import type { EntityManager } from 'typeorm';
import { OffenderChanges, type OffendingEvent } from '../offenders/offender-changes.js';
import { type CountedEvent, RollupChanges } from '../rollup/rollup-changes.js';

/** Everything that is counted of the archive, collected over a transaction that stores or deletes events. */
export class ArchiveChanges {
  private readonly rollups = new RollupChanges();
  private readonly offenders = new OffenderChanges();

  /** An event that was stored, or with `by` −1 deleted. */
  add(event: CountedEvent & OffendingEvent, by = 1): void {
    this.rollups.add(event, by);
    this.offenders.add(event, by);
  }

  /** Failures of a host in the hour of a moment. */
  addFailures(hostId: string, atMs: number, failures: number): void {
    this.rollups.addFailures(hostId, atMs, failures);
  }

  /** Call it last in the transaction. */
  async apply(manager: EntityManager): Promise<void> {
    await this.offenders.apply(manager);
    await this.rollups.apply(manager);
  }
}
