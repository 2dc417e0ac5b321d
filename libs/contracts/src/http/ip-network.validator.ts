import { family, prefixLength, tryParseNetwork, type IpNetwork } from '@bailiff/ip';
import { ValidateBy, type ValidationOptions } from 'class-validator';

/** A canonical-izable IPv4/IPv6 address or CIDR network, checked by `@bailiff/ip` (never by a hand-made pattern). */
export function IsIpNetwork(options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isIpNetwork',
      validator: {
        validate: (value: unknown) => typeof value === 'string' && tryParseNetwork(value) !== undefined,
        defaultMessage: () =>
          '$property must be an IPv4 or IPv6 address or a CIDR network, such as 192.0.2.7 or 2001:db8::/32',
      },
    },
    options,
  );
}

/**
 * Shortest prefix of a network that may be exempt from bans: the widest private ranges (10.0.0.0/8, fc00::/7). Wider ones would
 * switch fail2ban off, and be forgotten.
 */
export const WIDEST_EXEMPT_PREFIX = { 4: 8, 6: 7 } as const;

/** Whether a network is narrow enough to be allowed or ignored. */
export function mayBeExempt(network: IpNetwork): boolean {
  return prefixLength(network) >= WIDEST_EXEMPT_PREFIX[family(network)];
}

/** As {@link IsIpNetwork}, and {@link mayBeExempt}. */
export function IsExemptNetwork(): PropertyDecorator {
  return ValidateBy({
    name: 'isExemptNetwork',
    validator: {
      validate: (value: unknown) => {
        const network = typeof value === 'string' ? tryParseNetwork(value) : undefined;
        return network !== undefined && mayBeExempt(network);
      },
      defaultMessage: () =>
        `$property must be an IPv4 or IPv6 address or a CIDR network no wider than /${WIDEST_EXEMPT_PREFIX[4]} or /${WIDEST_EXEMPT_PREFIX[6]}`,
    },
  });
}
