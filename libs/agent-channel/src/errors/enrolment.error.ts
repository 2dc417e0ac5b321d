import { ChannelError, type ErrorKind } from './channel.error.js';

export type EnrolmentFault =
  'bad-answer' | 'bad-token' | 'expired' | 'malformed' | 'too-many-tries' | 'used' | 'wrong-secret';

/** Enrolment was refused; `code` is `enrolment/<fault>`. Only `wrong-secret` counts as a wrong try. */
export class EnrolmentError extends ChannelError {
  constructor(
    readonly fault: EnrolmentFault,
    detail: string,
    kind: ErrorKind = 'user',
    options?: ErrorOptions,
  ) {
    super(`enrolment/${fault}`, kind, detail, options);
  }
}
