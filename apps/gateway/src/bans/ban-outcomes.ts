import type { BanOutcome, BanResult } from '@bailiff/contracts/http';
import type { BanCommandResult, UnbanEverythingResult } from '@bailiff/contracts/agent';
import { PROBLEM_CODES } from '@bailiff/contracts/http';
import type { CommandFailedError } from '../channel/command-failure.js';

/** What one host answered, or why it did not carry the command out. */
export type HostAnswer =
  | { readonly hostId: string; readonly outcomes: readonly BanOutcome[] }
  | { readonly hostId: string; readonly failure: CommandFailedError };

const RESULTS = ['banned', 'unbanned', 'unchanged', 'failed'] as const;

/** Outcomes as a host's agent told them. What does not have the shape is left out: its signature is good, its input may not be. */
export function readOutcomes(hostId: string, result: BanCommandResult): BanOutcome[] {
  const outcomes: unknown = (result as Partial<BanCommandResult> | null)?.outcomes;
  if (!Array.isArray(outcomes)) return [];
  return (outcomes as unknown[]).flatMap((outcome) => {
    if (typeof outcome !== 'object' || outcome === null) return [];
    const { jail, address, result: done, code, detail } = outcome as Record<string, unknown>;
    const known = RESULTS.find((candidate) => candidate === done);
    if (known === undefined) return [];
    const failed = known === 'failed';
    return {
      hostId,
      jail: textOrNull(jail),
      address: textOrNull(address),
      result: known,
      code: failed ? (PROBLEM_CODES.find((candidate) => candidate === code) ?? 'agent/failed') : null,
      detail: textOrNull(detail),
    };
  });
}

/** One outcome for a host whose every ban was lifted. */
export function everythingOutcome(hostId: string, { unbanned }: UnbanEverythingResult): BanOutcome {
  const count = Number.isSafeInteger(unbanned) && unbanned > 0 ? unbanned : 0;
  return {
    hostId,
    jail: null,
    address: null,
    result: count > 0 ? 'unbanned' : 'unchanged',
    code: null,
    detail: `${count} bans lifted`,
  };
}

/**
 * The answer to whoever asked. A host that could not be asked has one outcome for everything it was asked.
 * @throws {CommandFailedError} when no host at all carried the command out
 */
export function toBanResult(answers: readonly HostAnswer[]): BanResult {
  const [first] = answers;
  if (first !== undefined && 'failure' in first && answers.every((answer) => 'failure' in answer)) throw first.failure;
  const outcomes = answers.flatMap((answer) =>
    'failure' in answer ? [failedOutcome(answer.failure)] : answer.outcomes,
  );
  const count = (...results: BanOutcome['result'][]) =>
    outcomes.filter(({ result }) => results.includes(result)).length;
  return {
    outcomes,
    changed: count('banned', 'unbanned'),
    unchanged: count('unchanged'),
    failed: count('failed', 'unknown'),
  };
}

function failedOutcome({ hostId, code, detail, isOutcomeUnknown }: CommandFailedError): BanOutcome {
  return { hostId, jail: null, address: null, result: isOutcomeUnknown ? 'unknown' : 'failed', code, detail };
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value.slice(0, 1_024) : null;
}
