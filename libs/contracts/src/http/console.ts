/** Levels of a log line, the least severe first. */
export const CONSOLE_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;
export type ConsoleLevel = (typeof CONSOLE_LEVELS)[number];

/**
 * One line of the gateway's own log, redacted: what debug mode shows to administrators. Its texts may come from anybody; what
 * is invisible in them is written out (`\x0a`, `\u{202e}`).
 */
export interface ConsoleLine {
  readonly at: string;
  readonly level: ConsoleLevel;
  /** The part of the gateway that wrote it. */
  readonly context: string | null;
  readonly message: string;
  /** Of the request, job or command it belongs to. */
  readonly correlationId: string | null;
  /** Class, code and message of an error; never its stack. */
  readonly error: string | null;
  /** Simple values logged with it, e.g. `status`, `hostId`, `durationMs`. */
  readonly fields: Readonly<Record<string, string | number | boolean>>;
}
