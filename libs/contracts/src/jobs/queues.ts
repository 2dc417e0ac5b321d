/** Queues between gateway and worker (BullMQ on redis-int). Plural resource, no colon. */
export const QUEUES = { geoLookups: 'geo-lookups', lookups: 'lookups' } as const;

/** Job names: `<queue>.<verb>`. */
export const JOBS = {
  geoResolve: 'geo-lookups.resolve',
  asnNetworks: 'geo-lookups.networks-of-asn',
  lookupRun: 'lookups.run',
  lookupDescribe: 'lookups.describe',
} as const;
