/** fail2ban had no time for the command before its deadline. It was never sent, so trying again is safe. */
export class Fail2banBusyError extends Error {
  override readonly name = 'Fail2banBusyError';
  readonly code = 'fail2ban/busy';
  readonly kind = 'operational';

  constructor(options?: ErrorOptions) {
    super('fail2ban is busy; the command was not sent', options);
  }
}

/** There is no fail2ban behind the socket, or the connection to it was lost. */
export class Fail2banUnreachableError extends Error {
  override readonly name: string = 'Fail2banUnreachableError';
  readonly code: string = 'fail2ban/unreachable';
  readonly kind = 'operational';

  /** @param isSent whether the command may have been executed: it was on its way when the connection broke */
  constructor(
    reason: string,
    readonly isSent: boolean,
    options?: ErrorOptions,
  ) {
    super(`fail2ban cannot be reached: ${reason}`, options);
  }
}

/** fail2ban is going down and executes nothing any more. */
export class Fail2banShuttingDownError extends Fail2banUnreachableError {
  override readonly name = 'Fail2banShuttingDownError';
  override readonly code = 'fail2ban/shutting-down';

  constructor() {
    super('it is shutting down', false);
  }
}

/** The command was sent and no full reply came in time. Whether it was executed is unknown. */
export class ReplyTimeoutError extends Error {
  override readonly name = 'ReplyTimeoutError';
  readonly code = 'fail2ban/reply-timeout';
  readonly kind = 'operational';

  /** @param timeoutMs what the command was given, milliseconds */
  constructor(readonly timeoutMs: number) {
    super(`fail2ban did not answer within ${timeoutMs} ms`);
  }
}

/** A setter was accepted, but fail2ban kept or chose another value. */
export class SettingNotAppliedError extends Error {
  override readonly name = 'SettingNotAppliedError';
  readonly code = 'fail2ban/not-applied';
  readonly kind = 'operational';

  /** @param setting e.g. `sshd usedns` @param actual what fail2ban answered, shortened */
  constructor(
    readonly setting: string,
    readonly expected: string,
    readonly actual: string,
  ) {
    super(`fail2ban did not take ${setting}: wanted ${expected.slice(0, 200)}, it says ${actual.slice(0, 200)}`);
  }
}
