import { isSpace, type LineScanner } from './line-scanner.js';

/** A JSON value; objects are maps, so that a key like `__proto__` is a key like any other. */
export type Json = string | number | boolean | null | JsonObject | readonly Json[];
export type JsonObject = ReadonlyMap<string, Json>;

export function isJsonObject(json: Json | undefined): json is JsonObject {
  return json instanceof Map;
}

type Container = { readonly map: Map<string, Json>; key: string | undefined } | { readonly list: Json[] };

const ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/**
 * Reads a JSON object that may be cut off, as the agent cuts long lines: what was read until then counts. No recursion, so depth
 * costs nothing but its characters.
 * @param scan at the opening brace
 * @returns undefined when there is no object here
 */
export function readJsonObject(scan: LineScanner): JsonObject | undefined {
  if (!scan.skip('{')) return undefined;
  const root = new Map<string, Json>();
  const open: Container[] = [{ map: root, key: undefined }];
  for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
    scan.takeWhile((code) => isSpace(code) || code === COMMA);
    if (scan.isAtEnd) break;
    if (scan.skip('map' in top ? '}' : ']')) {
      open.pop();
      continue;
    }
    if ('map' in top && top.key === undefined) {
      const key = takeString(scan);
      scan.skipSpaces();
      if (key === undefined || !scan.skip(':')) break;
      top.key = key;
      continue;
    }
    const value = takeValue(scan);
    if (value === undefined) break;
    attach(top, value.json);
    if (value.container !== undefined) open.push(value.container);
  }
  return root;
}

function attach(parent: Container, json: Json): void {
  if ('list' in parent) parent.list.push(json);
  else if (parent.key !== undefined) {
    parent.map.set(parent.key, json);
    parent.key = undefined;
  }
}

function takeValue(scan: LineScanner): { readonly json: Json; readonly container?: Container } | undefined {
  if (scan.skip('{')) {
    const map = new Map<string, Json>();
    return { json: map, container: { map, key: undefined } };
  }
  if (scan.skip('[')) {
    const list: Json[] = [];
    return { json: list, container: { list } };
  }
  const text = takeString(scan);
  if (text !== undefined) return { json: text };
  const json = literal(scan.takeWhile((code) => !isSpace(code) && !DELIMITERS.has(code)));
  return json === undefined ? undefined : { json };
}

function literal(word: string): Json | undefined {
  if (word === 'true') return true;
  if (word === 'false') return false;
  if (word === 'null') return null;
  const value = Number(word);
  return word === '' || Number.isNaN(value) ? undefined : value;
}

/** A string with its escapes resolved; to the end of the line when no quote closes it. Undefined when none begins here. */
function takeString(scan: LineScanner): string | undefined {
  const raw = scan.takeQuoted();
  if (raw === undefined || !raw.includes('\\')) return raw;
  const parts: string[] = [];
  const inner = scan.over(raw);
  while (!inner.isAtEnd) {
    parts.push(inner.takeWhile((code) => code !== BACKSLASH));
    if (inner.skip('\\')) parts.push(takeEscape(inner));
  }
  return parts.join('');
}

function takeEscape(inner: LineScanner): string {
  const kind = inner.takeWhile(() => true, 1);
  if (kind !== 'u') return ESCAPES[kind] ?? kind;
  const hex = inner.takeWhile(isHexDigit, 4);
  return hex.length === 4 ? String.fromCharCode(Number.parseInt(hex, 16)) : '\uFFFD';
}

function isHexDigit(code: number): boolean {
  const lower = code | 0x20;
  return (code >= 0x30 && code <= 0x39) || (lower >= 0x61 && lower <= 0x66);
}

const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const DELIMITERS = new Set([...',:{}[]"'].map((character) => character.charCodeAt(0)));
