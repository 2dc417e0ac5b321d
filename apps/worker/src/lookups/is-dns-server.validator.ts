import { tryParseAddress } from '@bailiff/ip';
import { ValidateBy, type ValidationOptions } from 'class-validator';

/** An address, or one with a port as resolvers write it: `192.0.2.53`, `192.0.2.53:5353`, `[2001:db8::53]:5353`. */
export function IsDnsServer(options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isDnsServer',
      validator: {
        validate: (value: unknown) => typeof value === 'string' && isDnsServer(value),
        defaultMessage: () => '$property must hold addresses of DNS servers, such as 192.0.2.53 or 192.0.2.53:5353',
      },
    },
    options,
  );
}

function isDnsServer(text: string): boolean {
  if (tryParseAddress(text) !== undefined) return true;
  const url = URL.parse(`dns://${text}`);
  if (url === null || url.port === '' || `${url.hostname}:${url.port}` !== text) return false;
  return tryParseAddress(url.hostname.replace(/^\[(.*)\]$/, '$1')) !== undefined;
}
