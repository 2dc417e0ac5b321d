import {
  AGENT_EVENTS,
  AgentHello,
  HostStatusEvent,
  JailActReport,
  SnapshotEvent,
  TicketEvent,
  TicketsEvent,
} from '@bailiff/contracts/agent';
import { POLICY_GROUPS } from '@bailiff/contracts/http';
import type { HelloBody, VerifiedEvent } from '@bailiff/agent-channel';
import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';

/** A signed event whose body has our shape. */
export type ParsedEvent =
  | { readonly kind: 'tickets'; readonly body: TicketsEvent; readonly fault?: string }
  | { readonly kind: 'status'; readonly body: HostStatusEvent }
  | { readonly kind: 'snapshot'; readonly body: SnapshotEvent }
  | { readonly kind: 'jailAct'; readonly body: JailActReport };

/** Tickets that one event may carry, as its class has it. */
const MAX_TICKETS = 500;

/** An event that an honest agent of a known version would not send; it is skipped, with an alarm. */
export class EventBodyError extends Error {
  readonly code = 'invalid_event';
  readonly kind = 'operational';

  constructor(detail: string) {
    super(detail);
    this.name = 'EventBodyError';
  }
}

/**
 * Checks the body of a signed event: a good signature is not good input. Unknown fields are dropped, not refused, so that
 * an agent newer than the gateway loses nothing. Of tickets only those without the shape are left out, which `fault` tells:
 * hundreds travel together, and what is acknowledged never comes again.
 * @throws {EventBodyError} unknown kind, or a body that does not have the shape
 */
export function parseEvent({ kind, body }: Pick<VerifiedEvent, 'kind' | 'body'>): ParsedEvent {
  switch (kind) {
    case AGENT_EVENTS.tickets:
      return parseTickets(body);
    case AGENT_EVENTS.status:
      return { kind: 'status', body: parseBody(HostStatusEvent, body) };
    case AGENT_EVENTS.snapshot:
      return { kind: 'snapshot', body: parseBody(SnapshotEvent, body) };
    case AGENT_EVENTS.jailAct:
      return { kind: 'jailAct', body: parseBody(JailActReport, body) };
    default:
      throw new EventBodyError(`unknown kind ${JSON.stringify(kind.slice(0, 60))}`);
  }
}

/**
 * What an agent says of itself, checked. Policy groups this gateway does not know are left out.
 * @throws {EventBodyError} when it does not have the shape
 */
export function parseHello(hello: HelloBody): AgentHello {
  const { capabilities, details } = hello;
  const known: readonly string[] = POLICY_GROUPS;
  return parseBody(AgentHello, {
    agentVersion: hello.agentVersion,
    hostname: hello.hostName,
    groups: Array.isArray(capabilities) ? capabilities.filter((group) => known.includes(group)) : capabilities,
    fail2banVersion: hello.fail2banVersion ?? undefined,
    socketPath: details?.['socketPath'],
  });
}

function parseTickets(body: unknown): ParsedEvent {
  try {
    return { kind: 'tickets', body: parseBody(TicketsEvent, body) };
  } catch (error) {
    if (!(error instanceof EventBodyError)) throw error;
    const { tickets: list } = (body ?? {}) as { tickets?: unknown };
    // Whatever else is wrong with it, no single ticket is to blame.
    if (!Array.isArray(list) || list.length > MAX_TICKETS) throw error;
    const tickets = list.flatMap((ticket: unknown) => parseTicket(ticket) ?? []);
    if (tickets.length === 0) throw error;
    const fault = `${list.length - tickets.length} of ${list.length} tickets left out: ${error.message}`;
    return { kind: 'tickets', body: { tickets }, fault };
  }
}

function parseTicket(ticket: unknown): TicketEvent | undefined {
  try {
    return parseBody(TicketEvent, ticket);
  } catch (error) {
    if (error instanceof EventBodyError) return undefined;
    throw error;
  }
}

function parseBody<T extends object>(type: new () => T, body: unknown): T {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw new EventBodyError('not an object');
  const instance = plainToInstance(type, body);
  const errors = validateSync(instance, { whitelist: true, forbidUnknownValues: true });
  if (errors.length > 0) throw new EventBodyError(describeErrors(errors));
  return instance;
}

/** First few faults as `path: rules`; values are left out, they are untrusted and may be large. */
function describeErrors(errors: readonly ValidationError[], path = ''): string {
  const lines = errors.slice(0, 3).map(({ property, constraints, children }) => {
    const at = path === '' ? property : `${path}.${property}`;
    // A list says of itself that something is wrong in it; which part, its parts say.
    return children !== undefined && children.length > 0
      ? describeErrors(children, at)
      : `${at}: ${Object.keys(constraints ?? {}).join(', ')}`;
  });
  return lines.join('; ').slice(0, 300);
}
