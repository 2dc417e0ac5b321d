import type { VerifiedBatch } from '@bailiff/agent-channel';
import type { HostStatusEvent, JailActReport } from '@bailiff/contracts/agent';
import type { IngestHello, IngestStatus, IngestStep } from '@bailiff/persistence';
import { summarise } from '../hosts/fail2ban-summary.js';
import { EventBodyError, type ParsedEvent, parseEvent, parseHello } from './event-body.js';
import { requestOf } from './ticket-request.js';

/** A batch with every body checked. */
export interface CheckedBatch {
  readonly hello: IngestHello | undefined;
  readonly steps: readonly IngestStep[];
  /** How acts on jails go: told, not stored. */
  readonly acts: readonly JailActReport[];
  /** One sentence for each event that was left out. */
  readonly faults: readonly string[];
}

/**
 * Checks the bodies of a verified batch. What has no valid body is left out and told: refusing the batch would only bring
 * it again, for ever.
 */
export function checkBatch(batch: VerifiedBatch): CheckedBatch {
  const faults: string[] = [];
  const attempt = <T>(what: string, work: () => T): T | undefined => {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof EventBodyError)) throw error;
      faults.push(`${what}: ${error.message}`);
      return undefined;
    }
  };
  const { hello: greeting } = batch;
  const hello = greeting === undefined ? undefined : attempt('hello', () => parseHello(greeting));
  const events = batch.events.flatMap((event) => attempt(`event ${event.seq}`, () => parseEvent(event)) ?? []);
  for (const event of events) if (event.kind === 'tickets' && event.fault !== undefined) faults.push(event.fault);
  const acts = events.flatMap((event) => (event.kind === 'jailAct' ? event.body : []));
  const steps = events.flatMap((event) => (event.kind === 'jailAct' ? [] : toStep(event)));
  return { hello, steps, acts, faults };
}

function toStep(parsed: Exclude<ParsedEvent, { kind: 'jailAct' }>): IngestStep {
  switch (parsed.kind) {
    case 'tickets':
      return {
        type: 'tickets',
        tickets: parsed.body.tickets.map((ticket) => ({
          ...ticket,
          ...requestOf(ticket),
        })),
      };
    case 'snapshot':
      return { type: 'snapshot', snapshot: parsed.body };
    case 'status':
      return { type: 'status', status: toStatus(parsed.body) };
  }
}

function toStatus(event: HostStatusEvent): IngestStatus {
  return {
    atMs: event.atMs,
    summary: summarise(event),
    fail2banVersion: event.version ?? null,
    socketPath: event.socketPath ?? null,
    // A fail2ban that cannot be reached lists nothing; what was known of its jails stays on show.
    jails: event.reachable ? event.jails : undefined,
  };
}
