import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { type ValidationError, validateSync } from 'class-validator';
import { ConfigError } from './config.error.js';
import { type EnvBinding, envBindings } from './env.decorator.js';

/** Environment as `process.env` gives it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads and checks a config class from the environment before anything else starts.
 *
 * Precedence: the variable, then (secrets only) the file named by `<variable>_FILE`, then the property's initialiser.
 * @param options.prefix variables that start with it, or one of them, and that no property names are refused: a typo must not pass.
 * @throws {ConfigError} naming every variable that is wrong and why.
 */
export function loadConfig<T extends object>(
  type: new () => T,
  env: Environment,
  options: { readonly prefix?: string | readonly string[] } = {},
): T {
  const config = new type();
  const bindings = envBindings(type);
  const problems: string[] = [];
  for (const binding of bindings) {
    const text = textOf(binding, env, problems);
    if (text === undefined) continue;
    const value = coerce(text, Reflect.getMetadata('design:type', type.prototype as object, binding.property));
    if (value === undefined) problems.push(`${binding.variable}: cannot be read: "${shown(binding, text)}"`);
    else Reflect.set(config, binding.property, value);
  }
  const errors = validateSync(config, { forbidUnknownValues: true, skipUndefinedProperties: false });
  for (const error of errors) problems.push(`${variableOf(error, bindings)}: ${reasonsOf(error).join('; ')}`);
  problems.push(...unknownVariables(bindings, env, options.prefix));
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}

function textOf(binding: EnvBinding, env: Environment, problems: string[]): string | undefined {
  const direct = env[binding.variable];
  if (direct !== undefined && direct !== '') return direct;
  const file = binding.secret ? env[`${binding.variable}_FILE`] : undefined;
  if (file === undefined || file === '') return undefined;
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    problems.push(
      `${binding.variable}_FILE: cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
    return undefined;
  }
}

function coerce(text: string, type: unknown): string | number | boolean | string[] | undefined {
  if (type === Number) return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
  if (type === Boolean) return { true: true, '1': true, false: false, '0': false }[text];
  if (type === Array) {
    return text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '');
  }
  return text;
}

const shown = (binding: EnvBinding, text: string) => (binding.secret ? '…' : text);

const variableOf = (error: ValidationError, bindings: readonly EnvBinding[]) =>
  bindings.find((binding) => binding.property === error.property)?.variable ?? error.property;

/** class-validator's own words name the property; what the reader knows is the variable. */
const reasonsOf = (error: ValidationError) =>
  Object.values(error.constraints ?? { invalid: 'is not valid' }).map((text) =>
    text.startsWith(`${error.property} `) ? text.slice(error.property.length + 1) : text,
  );

function unknownVariables(
  bindings: readonly EnvBinding[],
  env: Environment,
  prefix: string | readonly string[] = [],
): string[] {
  const prefixes = typeof prefix === 'string' ? [prefix] : prefix;
  const known = new Set(
    bindings.flatMap(({ variable, secret }) => (secret ? [variable, `${variable}_FILE`] : [variable])),
  );
  return Object.keys(env)
    .filter((name) => prefixes.some((one) => name.startsWith(one)) && !known.has(name))
    .map((name) => `${name}: no setting has this name; known are ${[...known].sort().join(', ')}`);
}
