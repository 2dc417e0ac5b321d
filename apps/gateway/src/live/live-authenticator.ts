import type { IncomingMessage } from 'node:http';

/** What a listener may hear: all that happens, and as `admin` the gateway's log besides; `ended`: nothing any more. */
export type LiveStanding = 'reader' | 'admin' | 'ended';

/** Who listens, and for how long that holds. */
export interface LiveGrant {
  readonly standing: LiveStanding;
  /** Asks again what the session or token allows; cheap, called every few seconds. */
  recheck(): Promise<LiveStanding>;
}

/** Why an upgrade is refused. */
export type LiveRefusal = 'unauthenticated' | 'forbidden-origin';

/** Decides who may open the live feed: a session cookie from our own origin, or a Bearer token with `read`. */
export abstract class LiveAuthenticator {
  /** Calls back when some credential may have ended, here or on another gateway. */
  abstract onChange(listener: () => void): void;

  abstract authenticate(request: IncomingMessage): Promise<LiveGrant | LiveRefusal>;
}
