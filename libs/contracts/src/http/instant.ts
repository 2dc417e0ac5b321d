/**
 * RFC 3339 with its zone: without one a time would be taken in the server's. Beside `@IsISO8601({ strict: true })`, which knows how
 * long months are but lets weeks and ordinals pass, which `Date` can't read.
 */
export const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-](0\d|1[0-4]):[0-5]\d)$/;
