import { Fail2banShuttingDownError } from '../errors/connection.errors.js';
import { MalformedReplyError } from '../errors/malformed-reply.error.js';
import { raisedError, UnreadableValueError } from '../errors/raised.errors.js';
import { PyObject, type PyValue } from './py-value.js';
import type { RawReply } from './reply-reader.js';

/**
 * Opens a reply: `(0, value)` is the value, everything else an error.
 * @param command the words that were sent
 * @throws {Fail2banRaisedError} or a subclass, for `(1, exception)`
 * @throws {UnreadableValueError} for a bare `ERROR: …` text
 * @throws {Fail2banShuttingDownError} for `['SHUTDOWN']`
 * @throws {MalformedReplyError} for any other shape
 */
export function openEnvelope({ value, isTuple }: RawReply, command: readonly unknown[]): PyValue {
  if (typeof value === 'string') throw new UnreadableValueError(value);
  if (Array.isArray(value)) {
    const [code, content] = value;
    if (!isTuple && value.length === 1 && code === 'SHUTDOWN') throw new Fail2banShuttingDownError();
    if (isTuple && value.length === 2 && content !== undefined) {
      if (code === 0) return content;
      if (code === 1 && content instanceof PyObject) throw raisedError(content, command);
    }
  }
  throw new MalformedReplyError('no such envelope');
}
