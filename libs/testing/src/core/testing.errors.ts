/** A real service cannot be had on this machine; the message says what to install or set. */
export class ServiceUnavailableError extends Error {
  readonly kind = 'operational';
  readonly code = 'testing/service-unavailable';
  override readonly name = 'ServiceUnavailableError';
}

/** A condition did not come true in time. `cause` is the last failure seen. */
export class WaitTimeoutError extends Error {
  readonly kind = 'operational';
  readonly code = 'testing/wait-timeout';
  override readonly name = 'WaitTimeoutError';
}

/** A process ended, or could not be started, while the test still needed it. */
export class ProcessFailedError extends Error {
  readonly kind = 'operational';
  readonly code = 'testing/process-failed';
  override readonly name = 'ProcessFailedError';
}

/** A test asked for something that would touch the machine's own service. */
export class SystemServiceRefusedError extends Error {
  readonly kind = 'bug';
  readonly code = 'testing/system-service-refused';
  override readonly name = 'SystemServiceRefusedError';
}

/** The harness was used in a way that cannot work, such as naming a jail that was not configured. */
export class HarnessMisuseError extends Error {
  readonly kind = 'bug';
  readonly code = 'testing/misuse';
  override readonly name = 'HarnessMisuseError';
}
