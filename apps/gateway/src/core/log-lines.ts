import type { LogSink } from '@bailiff/nest-kit';

/** The gateway's own log, line by line, redacted. Silent unless the gateway runs in debug mode. */
export class LogLines implements LogSink {
  private listener: ((line: string) => void) | undefined;

  /** `listener` is called within the logging call, in its async context: it must be quick, and must not log. */
  listen(listener: (line: string) => void): void {
    this.listener = listener;
  }

  write(line: string): void {
    this.listener?.(line);
  }
}
