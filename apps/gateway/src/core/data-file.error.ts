/** A file in the data directory that the gateway can't trust or understand; it does not start with it. */
export class DataFileError extends Error {
  readonly kind = 'operational';
  readonly code = 'internal/unexpected';
  constructor(
    readonly path: string,
    why: string,
  ) {
    super(`${path} ${why}`);
    this.name = DataFileError.name;
  }
}
