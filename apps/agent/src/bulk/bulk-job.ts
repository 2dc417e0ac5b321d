import type { BulkFailureRun } from '@bailiff/contracts/agent';
import type { BulkDirection } from '@bailiff/contracts/http';

/** `started`: it is carried out, now or after the jobs before it. */
export type StoredState = 'receiving' | 'started' | 'cancelling' | 'ended';

/** A list as the agent keeps it on disk. */
export interface StoredJob {
  readonly id: string;
  readonly direction: BulkDirection;
  readonly jails: readonly string[];
  readonly entries: number;
  readonly state: StoredState;
  readonly lifeSeconds: number;
  /** How long each ban lasts, seconds, −1 for ever; undefined leaves it to the jail. */
  readonly durationSeconds: number | undefined;
  /** Milliseconds since the epoch; 0 until it was started. */
  readonly deadlineMs: number;
}

/** `d` done, `u` unchanged, `f` failed, `r` refused, `c` cancelled. */
export type ResultLetter = 'd' | 'u' | 'f' | 'r' | 'c';

/** Results of neighbouring entries. */
export interface ResultRun {
  readonly letters: string;
  readonly failures: readonly BulkFailureRun[];
}
