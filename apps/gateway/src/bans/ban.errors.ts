import { WIDEST_BAN_PREFIX, type GuardFinding, type ProblemField } from '@bailiff/contracts/http';

/** A ban would lock somebody out. */
export class ProtectedAddressError extends Error {
  readonly code = 'ban/protected-address';
  readonly kind = 'user';

  constructor(readonly findings: readonly GuardFinding[]) {
    const [first] = findings;
    const more = findings.length > 1 ? ` (and ${findings.length - 1} more)` : '';
    super(
      `${first?.detail ?? 'A target is protected'}${more}. Nothing was banned. Leave it out, or confirm that it is banned all the same.`,
    );
    this.name = 'ProtectedAddressError';
  }
}

/** A network so wide that banning it is taken for a mistake. */
export class NetworkTooWideError extends Error {
  readonly code = 'ban/too-wide';
  readonly kind = 'user';

  constructor(address: string, what: 'banned' | 'allowed' = 'banned') {
    const { 4: ipv4, 6: ipv6 } = WIDEST_BAN_PREFIX;
    super(`${address} is too wide: at most /${ipv4} for IPv4 and /${ipv6} for IPv6. Nothing was ${what}.`);
    this.name = 'NetworkTooWideError';
  }
}

/** A request that has the right shape but asks for nothing, or for too much. */
export class BanRequestError extends Error {
  readonly code = 'request/invalid';
  readonly kind = 'user';

  constructor(readonly fields: readonly ProblemField[]) {
    super(`Nothing was changed: ${fields.map(({ pointer, detail }) => `${pointer} ${detail}`).join('; ')}`);
    this.name = 'BanRequestError';
  }
}
