/** No worker told in time what was asked of its geo data. */
export class GeoUnavailableError extends Error {
  readonly code = 'geo/unavailable';
  readonly kind = 'operational';

  constructor(cause?: unknown) {
    super('No worker answered in time. Is one running?', { cause });
    this.name = GeoUnavailableError.name;
  }
}

/** A worker took up a question about its geo data and broke down over it, or answered nonsense. */
export class GeoFailedError extends Error {
  readonly code = 'geo/failed';
  readonly kind = 'operational';

  constructor(cause?: unknown) {
    super('A worker tried, and failed. Its log says why.', { cause });
    this.name = GeoFailedError.name;
  }
}

/** The worker has no data that could tell which networks a system announces. */
export class GeoNoDataError extends Error {
  readonly code = 'geo/no-data';
  readonly kind = 'operational';

  constructor() {
    super('The worker’s file of AS numbers is missing or damaged, so it cannot list networks.');
    this.name = GeoNoDataError.name;
  }
}
