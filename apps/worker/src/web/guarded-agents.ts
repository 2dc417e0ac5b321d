import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import { Agent as HttpAgent, type AgentOptions, type ClientRequestArgs } from 'node:http';
import { Agent as HttpsAgent, type RequestOptions } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebRequestError } from './web-request.error.js';

/** Whether a connection to an address is allowed. */
export type AddressRule = (address: string) => boolean;
type Created = (error: Error | null, socket: Duplex) => void;

/** Agents whose every connection is checked by the address it really goes to; no connection is kept for another request. */
export function guardedAgents(isAllowed: AddressRule, resolver: LookupFunction = systemLookup, ca?: string) {
  const lookup = guardedLookup(isAllowed, resolver);
  return {
    http: new GuardedHttpAgent(isAllowed, { keepAlive: false, lookup }),
    https: new GuardedHttpsAgent(isAllowed, { keepAlive: false, lookup, ...(ca === undefined ? {} : { ca }) }),
  };
}

class GuardedHttpAgent extends HttpAgent {
  constructor(
    private readonly isAllowed: AddressRule,
    options: AgentOptions & { lookup: LookupFunction },
  ) {
    super(options);
  }

  override createConnection(options: ClientRequestArgs, created?: Created): Duplex | null | undefined {
    const refused = refusedLiteral(options, this.isAllowed);
    return refused === undefined ? super.createConnection(options, created) : fail(refused, created);
  }
}

class GuardedHttpsAgent extends HttpsAgent {
  constructor(
    private readonly isAllowed: AddressRule,
    options: AgentOptions & { lookup: LookupFunction; ca?: string },
  ) {
    super(options);
  }

  override createConnection(options: RequestOptions, created?: Created): Duplex | null | undefined {
    const refused = refusedLiteral(options, this.isAllowed);
    return refused === undefined ? super.createConnection(options, created) : fail(refused, created);
  }
}

/** Node looks no name up for a literal address, so those are checked here. */
function refusedLiteral({ host, hostname }: ClientRequestArgs, isAllowed: AddressRule): WebRequestError | undefined {
  const target = host ?? hostname ?? 'localhost';
  return isIP(target) === 0 || isAllowed(target) ? undefined : refusal(target, target);
}

function fail(error: Error, created: Created | undefined): undefined {
  // The socket of a failed attempt is never looked at.
  process.nextTick(() => (created as ((error: Error) => void) | undefined)?.(error));
  return undefined;
}

/**
 * Resolves a name for the connection that is about to be made, so there is no second look-up that could answer otherwise (DNS
 * rebinding). One forbidden address among several refuses the name.
 */
function guardedLookup(isAllowed: AddressRule, resolver: LookupFunction): LookupFunction {
  return (hostname, options, callback) => {
    resolver(hostname, { ...options, all: true }, (error, found, family) => {
      if (error !== null) {
        callback(error, '', 0);
        return;
      }
      const all: LookupAddress[] = Array.isArray(found) ? found : [{ address: found, family: family ?? isIP(found) }];
      const forbidden = all.find(({ address }) => !isAllowed(address));
      const [first] = all;
      if (forbidden !== undefined || first === undefined) {
        callback(refusal(hostname, forbidden?.address ?? 'nothing'), '', 0);
      } else if (options.all === true) callback(null, all);
      else callback(null, first.address, first.family);
    });
  };
}

function refusal(host: string, address: string): WebRequestError {
  const via = host === address ? '' : `${host} leads to `;
  return new WebRequestError('web/address-refused', `${via}${address}, which is not a public address`);
}
