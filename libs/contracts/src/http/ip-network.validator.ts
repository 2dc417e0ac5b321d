import { mayBeExempt, tryParseNetwork, WIDEST_EXEMPT_PREFIX } from '@bailiff/ip';
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

/** As {@link IsIpNetwork}, and narrow enough to be exempt from bans: {@link mayBeExempt}. */
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
