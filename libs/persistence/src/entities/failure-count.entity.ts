import { Entity, PrimaryColumn } from 'typeorm';
import { BigintColumn } from '../columns.js';

/** Failures an hour, by jail. Failures themselves are live only and never archived. */
@Entity('failure_count')
export class FailureCount {
  /** Start of the hour, milliseconds since the epoch. First in the key: ranges of time are what is asked for. */
  @PrimaryColumn('bigint', { transformer: { to: (v: unknown) => v, from: Number } }) hourMs: number;
  @PrimaryColumn('text') hostId: string;
  @PrimaryColumn('text', { collation: 'C' }) jail: string;
  @BigintColumn() failures: number;
}
