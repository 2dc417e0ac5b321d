/** Settings the fleet's features need; made from the gateway's config class where the module is put together. */
export abstract class FleetOptions {
  /** Private folder of the gateway; holds its keys. */
  abstract readonly dataDir: string;
  /** Queues between gateway and worker. */
  abstract readonly redisUrl: string;
  /** The agents' Redis as the gateway's user sees it. */
  abstract readonly edgeRedisUrl: string;
  /** The same server as the user that makes and removes agents' users. */
  abstract readonly edgeProvisionRedisUrl: string;
  /** The same server as agents reach it, without credentials. */
  abstract readonly edgePublicUrl: string;
  /** PEM of the authority that signed that server's certificate; undefined: one that every system trusts, or no TLS. */
  abstract readonly edgeCa: string | undefined;
  /** Where a one-time token for the agent of this machine is left. */
  abstract readonly localEnrolmentFile: string | undefined;
  /** Silence after which an agent counts as offline, milliseconds; the channel's own 30,000 unless told. */
  readonly offlineAfterMs?: number;
}

/** The authority as connections and enrolment answers name it. */
export function edgeAuthority({ edgeCa }: Pick<FleetOptions, 'edgeCa'>): { readonly ca?: string } {
  return edgeCa === undefined ? {} : { ca: edgeCa };
}
