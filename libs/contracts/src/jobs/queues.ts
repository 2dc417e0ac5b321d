/** Queues between gateway and worker (BullMQ on redis-int). Plural resource, no colon. */
export const QUEUES = { geoLookups: 'geo-lookups' } as const;

/** Job names: `<queue>.<verb>`. */
export const JOBS = { geoResolve: 'geo-lookups.resolve' } as const;
