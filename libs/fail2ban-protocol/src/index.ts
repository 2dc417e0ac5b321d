export { openEnvelope } from './codec/envelope.js';
export { isPyDict, PyGlobal, PyObject, type PyDict, type PyValue } from './codec/py-value.js';
export { DEFAULT_REPLY_LIMITS, type ReplyLimits } from './codec/reply-limits.js';
export { decodeReply, END_MARKER, ReplyReader, type RawReply } from './codec/reply-reader.js';
export { encodeRequest, type RequestValue } from './codec/request-writer.js';
export { stringifyReply } from './codec/stringify.js';
export { parseBanLine, type BanWithTime } from './commands/ban-line.js';
export type { BulkOptions, BulkProgress, BulkResult, TimedResult } from './commands/bulk.js';
export type { Fail2banClientOptions, RequestOptions } from './commands/command-channel.js';
export { Fail2banVersion } from './commands/fail2ban-version.js';
export type { ActionArguments } from './commands/jail-actions-commands.js';
export type { BanOptions } from './commands/jail-bans-commands.js';
export { JailCommands } from './commands/jail-commands.js';
export type { DatePattern } from './commands/jail-filter-commands.js';
export { ignoreWord } from './commands/ignore-list.js';
export type { IgnoreCache } from './commands/jail-ignore-commands.js';
export type { JailCounters, JailStats, JailStatus } from './commands/jail-status.js';
export type { CommandStream, ReloadRequest } from './commands/server-commands.js';
export type { WatchedJail } from './commands/watched-jail.js';
export { DEFAULT_TIMEOUTS, type CommandClass, type CommandTimeouts } from './connection/command-timeouts.js';
export type { RequestPriority } from './connection/request-queue.js';
export {
  Fail2banBusyError,
  Fail2banShuttingDownError,
  Fail2banUnreachableError,
  ReplyTimeoutError,
  SettingNotAppliedError,
} from './errors/connection.errors.js';
export {
  InvalidJailNameError,
  InvalidValueError,
  RefusedCommandError,
  UnsupportedCommandError,
} from './errors/input.errors.js';
export { MalformedReplyError } from './errors/malformed-reply.error.js';
export {
  DuplicateJailError,
  Fail2banRaisedError,
  InvalidCommandError,
  InvalidRegexError,
  UnknownJailError,
  UnreadableValueError,
} from './errors/raised.errors.js';
export { Fail2banClient } from './fail2ban-client.js';
export type { LocalTime, LogEvent, LogEventBody, LogLineHead, LogLineLevel } from './log/log-event.js';
export { parseLogLine } from './log/parse-log-line.js';
export { formulaWord } from './values/ban-formula.js';
export { isJailName, isWatchedJailName, jailName, type JailName, type WatchedJailName } from './values/jail-name.js';
export { parseTimeExpression } from './values/time-expression.js';
export { LOG_LEVELS, USE_DNS, type LogLevel, type UseDns } from './values/words.js';
