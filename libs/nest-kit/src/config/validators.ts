import { isAbsolute } from 'node:path';
import { ValidateBy, type ValidationOptions } from 'class-validator';

/** An absolute path with no NUL byte. */
export function IsAbsolutePath(options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isAbsolutePath',
      validator: {
        validate: (value: unknown) => typeof value === 'string' && isAbsolute(value) && !value.includes('\0'),
        defaultMessage: () => '$property must be an absolute path',
      },
    },
    options,
  );
}

/** A URL of one of these protocols, given without the colon, e.g. `redis`, `rediss`. */
export function IsUrlWithProtocol(protocols: readonly string[], options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isUrlWithProtocol',
      validator: {
        validate: (value: unknown) =>
          typeof value === 'string' && URL.canParse(value) && protocols.includes(new URL(value).protocol.slice(0, -1)),
        defaultMessage: () =>
          `$property must be a URL that starts with ${protocols.map((p) => `${p}://`).join(' or ')}`,
      },
    },
    options,
  );
}
