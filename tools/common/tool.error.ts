/** Something that stops a command and that its user can mend; shown as one message, without a stack. */
export class ToolError extends Error {
  override readonly name = 'ToolError';
  readonly kind = 'user';
  readonly code: string;

  constructor(code: `tools/${string}`, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
