import type { BulkJob, BulkJobState, BulkPartState, BulkResult } from '@bailiff/contracts/http';
import type { Format } from '../display/format';
import type { Tone } from '../display/status-dot';

const JOB_TONES: Readonly<Record<BulkJobState, Tone>> = {
  draft: 'idle',
  running: 'busy',
  cancelling: 'busy',
  done: 'ok',
  cancelled: 'off',
};
export const PART_TONES: Readonly<Record<BulkPartState, Tone>> = {
  sending: 'busy',
  running: 'busy',
  waiting: 'warn',
  done: 'ok',
  failed: 'danger',
  cancelled: 'off',
};
export const RESULT_TONES: Readonly<Record<BulkResult, Tone>> = {
  pending: 'idle',
  done: 'ok',
  unchanged: 'off',
  failed: 'danger',
  refused: 'warn',
  cancelled: 'off',
};
/** In the order they are told. */
export const SHOWN_RESULTS: readonly BulkResult[] = ['done', 'unchanged', 'failed', 'refused', 'cancelled', 'pending'];

/** How long the bans of a job last; empty for unbans. */
export function lastingText(
  { direction, durationSeconds }: BulkJob,
  m: { readonly lasts: string; readonly forEver: string; readonly lasting: (text: string) => string },
  format: Format,
): string {
  if (direction === 'unban') return '';
  if (durationSeconds === null) return m.lasts;
  return durationSeconds < 0 ? m.forEver : m.lasting(format.duration(durationSeconds));
}

/** How the state of a job looks beside its word: done is not well when something failed. */
export function jobTone({ state, counts }: BulkJob): Tone {
  return state === 'done' && counts.failed + counts.refused > 0 ? 'warn' : JOB_TONES[state];
}
