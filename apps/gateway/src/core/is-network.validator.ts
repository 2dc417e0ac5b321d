import { tryParseNetwork } from '@bailiff/ip';
import { ValidateBy, type ValidationOptions } from 'class-validator';

/** An address or a CIDR network. */
export function IsNetwork(options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isNetwork',
      validator: {
        validate: (value: unknown) => typeof value === 'string' && tryParseNetwork(value) !== undefined,
        defaultMessage: () => '$property must hold addresses or networks, such as 127.0.0.1 or 10.0.0.0/8',
      },
    },
    options,
  );
}
