import { getMetadataStorage } from 'class-validator';

/** A part of a JSON schema. */
export type SchemaPart = Record<string, unknown>;
type Constructor = abstract new (...args: never[]) => unknown;

const LIST_RULES = new Set(['arrayNotEmpty', 'arrayMaxSize', 'arrayMinSize', 'arrayUnique']);

/** What class-validator checks on each property of a DTO class, in the words of JSON Schema. */
export function constraintsOf(type: Constructor): Map<string, SchemaPart> {
  const constraints = new Map<string, SchemaPart>();
  for (const rule of getMetadataStorage().getTargetValidationMetadatas(type, '', false, false)) {
    const part = constraints.get(rule.propertyName) ?? {};
    constraints.set(rule.propertyName, part);
    const words = wordsOf(rule.name ?? rule.type, (rule.constraints ?? []) as unknown[]);
    if (rule.each && !LIST_RULES.has(rule.name ?? ''))
      part['items'] = { ...(part['items'] as SchemaPart | undefined), ...words };
    else Object.assign(part, words);
  }
  return constraints;
}

function wordsOf(rule: string, [first, second]: unknown[]): SchemaPart {
  switch (rule) {
    case 'isInt':
      return { type: 'integer' };
    case 'min':
      return { minimum: first };
    case 'max':
      return { maximum: first };
    case 'isLength':
      return { minLength: first, maxLength: second };
    case 'matches':
      return first instanceof RegExp ? { pattern: first.source } : {};
    case 'isIn':
      return Array.isArray(first) ? { enum: first } : {};
    case 'isIso8601':
      return { format: 'date-time' };
    case 'isIpNetwork':
    case 'isExemptNetwork':
      return { description: 'IPv4 or IPv6 address, or CIDR network.', examples: ['192.0.2.7', '2001:db8::/32'] };
    case 'arrayNotEmpty':
      return { minItems: 1 };
    case 'arrayMinSize':
      return { minItems: first };
    case 'arrayMaxSize':
      return { maxItems: first };
    case 'arrayUnique':
      return { uniqueItems: true };
    default:
      return {}; // what types already say
  }
}
