import type { IncomingMessage } from 'node:http';

/** Who listens, and for how long that holds. */
export interface LiveGrant {
  /** Asks again whether the session or token is still good; cheap, called every few seconds. */
  isStillValid(): Promise<boolean>;
}

/** Why an upgrade is refused. */
export type LiveRefusal = 'unauthenticated' | 'forbidden-origin';

/** Decides who may open the live feed: a session cookie from our own origin, or a Bearer token with `read`. */
export abstract class LiveAuthenticator {
  /** Calls back when some credential may have ended, here or on another gateway. */
  abstract onChange(listener: () => void): void;

  abstract authenticate(request: IncomingMessage): Promise<LiveGrant | LiveRefusal>;
}
