import type { ConsoleLevel, ConsoleLine } from '@bailiff/contracts/http';
import { visibleText } from '@bailiff/ticket-lines';

/** Longest message or error shown, characters. */
const MAX_TEXT = 2_000;
const MAX_FIELD = 300;
const MAX_FIELDS = 20;
const MAX_NAME = 60;

const LEVELS: Readonly<Record<number, ConsoleLevel>> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
};
/** Shown elsewhere on the line, or the same on all of them. */
const OWN_PLACE = new Set(['level', 'time', 'pid', 'service', 'msg', 'context', 'correlationId', 'req', 'res', 'err']);
const SECRET_NAME = /pass|secret|token|cookie|authori[sz]ation|digest|credential|private|api.?key/i;
const CENSOR = '[redacted]';

/**
 * Reads one line of pino's JSON, undefined when it is none. The log has redacted what carries secrets by name; this takes out
 * besides what looks like one inside a text, writes out what cannot be seen, so that a line is one line and nothing else, and
 * leaves errors' stacks and all but simple values behind.
 */
export function readConsoleLine(json: string): ConsoleLine | undefined {
  const line = parse(json);
  if (line === undefined) return undefined;
  const { level, time, msg, correlationId, err } = line;
  const context = line['context'] ?? (isRecord(line['res']) ? 'HTTP' : null);
  const at = typeof time === 'number' ? new Date(time) : new Date();
  return {
    at: at.toISOString(),
    level: (typeof level === 'number' ? LEVELS[level] : undefined) ?? 'info',
    context: typeof context === 'string' ? visibleText(context, MAX_FIELD) : null,
    message: typeof msg === 'string' ? clean(msg, MAX_TEXT) : '',
    correlationId: typeof correlationId === 'string' ? visibleText(correlationId, MAX_FIELD) : null,
    error: errorText(err),
    fields: fieldsOf(line),
  };
}

function fieldsOf(line: Readonly<Record<string, unknown>>): ConsoleLine['fields'] {
  const { req, res } = line;
  // Every line of a request holds the request; the last one, which tells its outcome, shows it.
  const { remoteAddress, ...asked } = isRecord(req) && isRecord(res) ? req : {};
  const all = {
    ...asked,
    ...(isRecord(res) ? res : {}),
    ...line,
    ...(remoteAddress === undefined ? {} : { remoteAddress }),
  };
  const fields: Record<string, string | number | boolean> = {};
  for (const [key, value] of Object.entries(all)) {
    const name = visibleText(key, MAX_NAME);
    if (OWN_PLACE.has(name) || Object.keys(fields).length >= MAX_FIELDS) continue;
    if (SECRET_NAME.test(name)) fields[name] = CENSOR;
    else if (typeof value === 'string') fields[name] = clean(value, MAX_FIELD);
    else if (typeof value === 'number' || typeof value === 'boolean') fields[name] = value;
  }
  return fields;
}

function errorText(error: unknown): string | null {
  if (typeof error === 'string') return clean(error, MAX_TEXT);
  if (!isRecord(error)) return null;
  const { type, code, message } = error;
  const name = typeof type === 'string' ? type : 'Error';
  const mark = typeof code === 'string' || typeof code === 'number' ? ` (${String(code)})` : '';
  return clean(`${name}${mark}: ${typeof message === 'string' ? message : ''}`, MAX_TEXT);
}

/** Texts of libraries may hold what their callers gave them: addresses with a password, headers, tokens. */
function clean(text: string, limit: number): string {
  // More than is kept, so that no secret is cut in two before it is known for one.
  const start = text.slice(0, 2 * limit);
  const cleaned = start
    .replace(/:\/\/[^\s/]*@/g, `://${CENSOR}@`)
    .replace(/\bblf_[\w-]+/g, `blf_${CENSOR}`)
    .replace(/(\bbailiff_session=)[^\s;,"]+/g, `$1${CENSOR}`)
    .replace(/(\b(?:Bearer|Basic) )[\w.~+/=-]{8,}/gi, `$1${CENSOR}`)
    .replace(/(\b(?:password|secret|token|api.?key)["']?\s?[=:]\s?["']?)[^\s"'&,;}]+/gi, `$1${CENSOR}`);
  return visibleText(cleaned, limit);
}

function parse(json: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return isRecord(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
