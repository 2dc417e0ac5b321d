import type { LookupFailure } from '@bailiff/contracts/http';

/** A look-up that got no usable answer. Its message is shown to operators. */
export class LookupError extends Error {
  readonly kind = 'operational';

  constructor(
    readonly code: LookupFailure,
    detail: string,
    options?: ErrorOptions,
  ) {
    super(detail, options);
    this.name = LookupError.name;
  }
}
