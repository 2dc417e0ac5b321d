import * as contracts from '@bailiff/contracts/http';
import { constraintsOf, type SchemaPart } from './constraints.js';
import generated from './contract-schemas.generated.json' with { type: 'json' };

type Schema = SchemaPart & { properties?: Record<string, SchemaPart>; required?: string[] };

/** What a controller method answers with. */
export interface Answer {
  readonly type: string;
  readonly shape: 'one' | 'list' | 'page';
}

/** Answers of controller methods by `Controller_method`. */
export function answerOf(operationId: string): Answer | undefined {
  const answers: Partial<Record<string, { type: string; shape: string }>> = generated.answers;
  const answer = answers[operationId];
  if (answer === undefined) return undefined;
  const { type, shape } = answer;
  return shape === 'one' || shape === 'list' || shape === 'page' ? { type, shape } : undefined;
}

/** Every schema of the HTTP contracts: shapes and docstrings from their source, limits from their validators. */
export function componentSchemas(): Record<string, Schema> {
  const schemas = structuredClone(generated.schemas) as Record<string, Schema>;
  for (const [name, value] of Object.entries(contracts)) {
    const schema = schemas[name];
    if (typeof value !== 'function' || schema?.properties === undefined) continue;
    for (const [property, words] of constraintsOf(value as abstract new () => unknown)) {
      const known = schema.properties[property];
      if (known !== undefined) schema.properties[property] = merge(known, words);
    }
  }
  return schemas;
}

/** A reference takes no neighbours that would repeat it: its own schema says which values it allows. */
function merge(known: SchemaPart, words: SchemaPart): SchemaPart {
  if ('$ref' in known) return known;
  const items = { ...(known['items'] as SchemaPart | undefined), ...(words['items'] as SchemaPart | undefined) };
  const isRefList = '$ref' in items;
  const merged = { ...words, ...known, ...(words['type'] === undefined ? {} : { type: words['type'] }) };
  if (Object.keys(items).length === 0) return merged;
  return { ...merged, items: isRefList ? { $ref: items['$ref'] } : items };
}
