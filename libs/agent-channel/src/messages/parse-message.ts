import { EnvelopeError } from '../errors/envelope.error.js';
import { isKid } from '../keys/key-serialisation.js';
import { isAgentId } from './agent-id.js';
import { MAX_CHUNKS } from './limits.js';
import type { AgentMessage, GatewayMessage, HelloBody, WireError } from './message.js';

type Fields = Record<string, unknown>;
type Check = (value: unknown) => boolean;

const text =
  (max: number, min = 1): Check =>
  (value) =>
    typeof value === 'string' && value.length >= min && value.length <= max;
const matches =
  (pattern: RegExp): Check =>
  (value) =>
    typeof value === 'string' && pattern.test(value);
const natural: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const positive: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 1;
const finite: Check = (value) => typeof value === 'number' && Number.isFinite(value) && value >= 0;
const anything: Check = (value) => value !== undefined;
const plainObject: Check = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const is =
  (expected: unknown): Check =>
  (value) =>
    value === expected;

/** Dotted words. `constructor` fits too: whoever looks a name up in a map makes that map without a prototype. */
const COMMAND = /^[a-z][A-Za-z0-9-]{0,31}(\.[a-z][A-Za-z0-9-]{0,31}){0,3}$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const SID = /^[0-9a-f]{32}$/;
const CODE = /^[a-z][a-z0-9-]*(\/[a-z0-9-]+)?$/;

/** Whether `value` is the name of a command or an event kind. */
export const isCommandName: Check = matches(COMMAND);
/** Whether `value` is a command id. */
export const isCommandId: Check = matches(UUID);

interface Shape {
  readonly required: Readonly<Record<string, Check>>;
  readonly optional?: Readonly<Record<string, Check>>;
}

/** Every field must be known and of the right form: what is not in the table is refused, not ignored. */
function fits(value: unknown, shape: Shape): value is Fields {
  if (!plainObject(value)) return false;
  const fields = value as Fields;
  const { required, optional = {} } = shape;
  for (const name of Object.keys(fields)) {
    const check = Object.hasOwn(required, name)
      ? required[name]
      : Object.hasOwn(optional, name)
        ? optional[name]
        : undefined;
    if (check === undefined || !check(fields[name])) return false;
  }
  return Object.keys(required).every((name) => Object.hasOwn(fields, name));
}

const CHUNK: Shape = {
  required: {
    index: (value) => natural(value) && (value as number) < MAX_CHUNKS,
    count: (value) => positive(value) && (value as number) <= MAX_CHUNKS,
    sha256: matches(/^[0-9a-f]{64}$/),
    data: matches(/^[A-Za-z0-9+/]*={0,2}$/),
  },
};
const chunk: Check = (value) => {
  if (!fits(value, CHUNK)) return false;
  const { index, count } = value;
  return (index as number) < (count as number) && (count as number) > 1;
};
const WIRE_ERROR: Shape = {
  required: {
    code: (value) => text(80)(value) && matches(CODE)(value),
    kind: (value) => value === 'user' || value === 'operational' || value === 'bug',
    detail: text(4096, 0),
  },
  optional: { data: anything },
};

/** Whether `value` is an error as agents send it. */
export function isWireError(value: unknown): value is WireError {
  return fits(value, WIRE_ERROR);
}

const HELLO_BODY: Shape = {
  required: {
    agentVersion: text(64),
    fail2banVersion: (value) => value === null || text(64)(value),
    hostName: text(255),
    capabilities: (value) => Array.isArray(value) && value.length <= 32 && value.every(text(32)),
    fingerprint: text(64),
  },
  optional: { details: plainObject },
};

/** Whether `value` is the body of a hello. */
function isHelloBody(value: unknown): value is HelloBody {
  return fits(value, HELLO_BODY);
}

const toAgent = { to: isAgentId, sid: matches(SID) };
const GATEWAY_SHAPES: Readonly<Record<GatewayMessage['t'], Shape>> = {
  cmd: {
    required: { t: is('cmd'), id: isCommandId, ...toAgent, iat: natural, exp: natural, cmd: isCommandName },
    optional: { args: anything, chunk, cid: text(128) },
  },
  welcome: { required: { t: is('welcome'), ...toAgent, nonce: matches(SID), now: natural, kid: isKid } },
  ack: { required: { t: is('ack'), ...toAgent, seq: positive } },
  reset: { required: { t: is('reset'), ...toAgent, reason: text(200) } },
};

const fromAgent = { from: isAgentId, sid: matches(SID), seq: positive, at: natural };
const AGENT_SHAPES: Readonly<Record<AgentMessage['t'], Shape>> = {
  hello: { required: { t: is('hello'), ...fromAgent, boot: positive, nonce: matches(SID), body: isHelloBody } },
  res: {
    required: { t: is('res'), ...fromAgent, re: isCommandId, ok: (value) => typeof value === 'boolean' },
    optional: { result: anything, err: isWireError, chunk },
  },
  evt: { required: { t: is('evt'), ...fromAgent, kind: isCommandName, body: anything } },
  hb: {
    required: { t: is('hb'), ...fromAgent, load: finite, spool: natural, dropped: natural },
    optional: { details: plainObject },
  },
};

function parse(json: Buffer, shapes: Readonly<Record<string, Shape>>): unknown {
  let value: unknown;
  try {
    value = JSON.parse(json.toString('utf8'));
  } catch (cause) {
    throw new EnvelopeError('bad_message', 'not JSON', { cause });
  }
  const type = plainObject(value) ? (value as Fields)['t'] : undefined;
  const shape = typeof type === 'string' && Object.hasOwn(shapes, type) ? shapes[type] : undefined;
  if (shape === undefined) throw new EnvelopeError('bad_message', 'unknown type of message');
  if (!fits(value, shape)) throw new EnvelopeError('bad_message', `malformed ${String(type)}`);
  return value;
}

/** Reads an authentic message to an agent. @throws {EnvelopeError} `bad_message` */
export function parseGatewayMessage(json: Buffer): GatewayMessage {
  const message = parse(json, GATEWAY_SHAPES) as GatewayMessage;
  if (message.t === 'cmd' && message.chunk !== undefined && message.args !== undefined) {
    throw new EnvelopeError('bad_message', 'a part carries no arguments beside its slice');
  }
  return message;
}

/** Reads an authentic message from an agent. @throws {EnvelopeError} `bad_message` */
export function parseAgentMessage(json: Buffer): AgentMessage {
  const message = parse(json, AGENT_SHAPES) as AgentMessage;
  if (message.t === 'res') {
    const { ok, err, chunk: part, result } = message;
    const isSound = part !== undefined ? result === undefined && ok && err === undefined : ok === (err === undefined);
    if (!isSound) throw new EnvelopeError('bad_message', 'an answer carries a result, an error or a part');
  }
  return message;
}
