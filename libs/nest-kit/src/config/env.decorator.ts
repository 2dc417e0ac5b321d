import 'reflect-metadata';

/** How one property of a config class is read from the environment. */
export interface EnvBinding {
  readonly property: string;
  readonly variable: string;
  /** Whether the value is a secret: also read from the file named by `<variable>_FILE`, never shown. */
  readonly secret: boolean;
  /** One line for `.env.example`. */
  readonly about: string;
}

const BINDINGS = Symbol('bailiff:env-bindings');

/**
 * Binds a property of a config class to an environment variable. The property's declared type decides how the text is
 * read: `Number`, `Boolean` (`true`/`false`/`1`/`0`), `Array` (comma-separated), else the text itself.
 */
export function Env(
  variable: string,
  options: { readonly secret?: boolean; readonly about?: string } = {},
): PropertyDecorator {
  return (target, property) => {
    const own = (Reflect.getOwnMetadata(BINDINGS, target) as EnvBinding[] | undefined) ?? [];
    own.push({ property: String(property), variable, secret: options.secret ?? false, about: options.about ?? '' });
    Reflect.defineMetadata(BINDINGS, own, target);
  };
}

/** Every binding of a config class, base classes first. */
export function envBindings(type: abstract new () => object): EnvBinding[] {
  const found: EnvBinding[] = [];
  for (
    let prototype = type.prototype as object | null;
    prototype !== null;
    prototype = Object.getPrototypeOf(prototype) as object | null
  ) {
    found.unshift(...((Reflect.getOwnMetadata(BINDINGS, prototype) as EnvBinding[] | undefined) ?? []));
  }
  return found;
}
