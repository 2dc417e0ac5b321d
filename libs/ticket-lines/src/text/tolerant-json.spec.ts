import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LineScanner } from './line-scanner.js';
import { isJsonObject, type Json, readJsonObject } from './tolerant-json.js';

const read = (text: string) => readJsonObject(new LineScanner(text));

/** The same value as `JSON.parse` would have it, for comparing. */
function plain(json: Json): unknown {
  if (isJsonObject(json)) return Object.fromEntries(Array.from(json, ([key, value]) => [key, plain(value)]));
  return Array.isArray(json) ? json.map((item: Json) => plain(item)) : json;
}

describe(readJsonObject, () => {
  it('reads what JSON.parse reads', () => {
    const text = fc
      .dictionary(fc.string({ unit: 'binary' }), fc.jsonValue(), { noNullPrototype: true })
      .map((value) => JSON.stringify(value));
    fc.assert(
      fc.property(text, (json) => {
        const object = read(json);
        expect(object && plain(object)).toEqual(JSON.parse(json));
      }),
      { numRuns: 500 },
    );
  });

  it('reads escapes and spaces', () => {
    const json =
      ' \n{ "a\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\ud83d\\ude00" :\t[ 1 , -2.5e3 , true , false , null , { } , [ ] ] }';
    expect(plain(read(json.trim()) ?? null)).toEqual(JSON.parse(json));
  });

  it('gives every part of an object that was cut off', () => {
    const whole = '{"a":1,"b":{"c":"text","d":[1,2,{"e":null}]},"f":true}';
    fc.assert(
      fc.property(fc.integer({ min: 1, max: whole.length }), (length) => {
        const object = read(whole.slice(0, length));
        expect(object).toBeInstanceOf(Map);
        if (length > 6) expect(object?.get('a')).toBe(1);
      }),
    );
    expect(plain(read('{"a":{"b":"unfinis') ?? null)).toEqual({ a: { b: 'unfinis' } });
    expect(plain(read('{"a":1,"b') ?? null)).toEqual({ a: 1 });
  });

  it('takes keys that mean something to JavaScript for keys', () => {
    const object = read('{"__proto__":{"x":1},"constructor":2,"toString":3}');
    expect(object && [...object.keys()]).toEqual(['__proto__', 'constructor', 'toString']);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });

  it('stops where it is no JSON', () => {
    expect(plain(read('{"a":1,b:2,"c":3}') ?? null)).toEqual({ a: 1 });
    expect(plain(read('{"a":1]') ?? null)).toEqual({ a: 1 });
    expect(read('[1]')).toBeUndefined();
    expect(read('')).toBeUndefined();
  });
});
