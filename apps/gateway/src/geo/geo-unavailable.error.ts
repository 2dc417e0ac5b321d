/** No worker told in time what was asked of its geo data. */
export class GeoUnavailableError extends Error {
  readonly code = 'geo/unavailable';
  readonly kind = 'operational';

  constructor(cause: unknown) {
    super('No worker answered in time. Is one running?', { cause });
    this.name = GeoUnavailableError.name;
  }
}
