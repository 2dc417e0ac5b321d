/** A value was refused before anything was sent: fail2ban would misread, evaluate or silently drop it. */
export class InvalidValueError extends Error {
  override readonly name = 'InvalidValueError';
  readonly code = 'fail2ban/invalid-value';
  readonly kind = 'user';

  /** @param what the argument's name @param reason what is wrong, safe to show */
  constructor(
    readonly what: string,
    readonly reason: string,
  ) {
    super(`${what}: ${reason}`);
  }
}

/** A jail name outside the letters, digits, `_.-` and 64 characters that are safe on the socket and in the shell. */
export class InvalidJailNameError extends Error {
  override readonly name = 'InvalidJailNameError';
  readonly code = 'jail/invalid-name';
  readonly kind = 'user';

  constructor(readonly jail: string) {
    super(
      `Nothing is sent for a jail named ${JSON.stringify(jail.slice(0, 60))}: commands misread names that are longer than 64 characters or hold others than letters, digits, dots, dashes and underscores`,
    );
  }
}

/** A command that harms the server by design, such as `sleep`, which freezes it. Never sent. */
export class RefusedCommandError extends Error {
  override readonly name = 'RefusedCommandError';
  readonly code = 'fail2ban/refused-command';
  readonly kind = 'user';

  constructor(readonly command: string) {
    super(`The command "${command}" is never sent to fail2ban`);
  }
}

/** The running fail2ban is too old for a command. Nothing was sent. */
export class UnsupportedCommandError extends Error {
  override readonly name = 'UnsupportedCommandError';
  readonly code = 'fail2ban/unsupported-command';
  readonly kind = 'user';

  /** @param needs first version that has the command @param has version that is running */
  constructor(
    readonly command: string,
    readonly needs: string,
    readonly has: string,
  ) {
    super(`"${command}" needs fail2ban ${needs}; this is ${has}`);
  }
}
