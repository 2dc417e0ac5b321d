import { WorkCount } from './work-count.js';

/**
 * Walks a text from left to right. No expression engine: every step costs the characters it looks at, which are counted, so a
 * hostile line can not make reading it take longer than its length allows.
 */
export class LineScanner {
  position = 0;

  constructor(
    readonly text: string,
    private readonly work = new WorkCount(),
  ) {}

  get isAtEnd(): boolean {
    return this.position >= this.text.length;
  }

  /** What is left, without moving. */
  get rest(): string {
    return this.text.slice(this.position);
  }

  /** Character code at the position (or `ahead` of it); NaN behind the end. */
  peek(ahead = 0): number {
    this.work.characters += 1;
    return this.text.charCodeAt(this.position + ahead);
  }

  /** Moves behind `token` if the text goes on with it. */
  skip(token: string): boolean {
    this.work.characters += token.length;
    if (!this.text.startsWith(token, this.position)) return false;
    this.position += token.length;
    return true;
  }

  /** Moves behind the first of `tokens` the text goes on with. */
  skipAny(tokens: readonly string[]): boolean {
    return tokens.some((token) => this.skip(token));
  }

  skipSpaces(): void {
    while (isSpace(this.peek())) this.position += 1;
  }

  /** Characters of one kind, at most `limit` of them. */
  takeWhile(isWanted: (code: number) => boolean, limit = Infinity): string {
    const start = this.position;
    while (this.position - start < limit && !this.isAtEnd && isWanted(this.peek())) this.position += 1;
    return this.text.slice(start, this.position);
  }

  /** Up to the next space or the end. */
  takeWord(): string {
    return this.takeWhile((code) => !isSpace(code));
  }

  /** Text before the next `token`, moving behind it; undefined, without moving, when there is none. */
  takeUntil(token: string): string | undefined {
    const at = this.text.indexOf(token, this.position);
    this.work.characters += (at < 0 ? this.text.length : at + token.length) - this.position;
    if (at < 0) return undefined;
    const taken = this.text.slice(this.position, at);
    this.position = at + token.length;
    return taken;
  }

  /** Text before the last `token` of the line, moving behind it; undefined, without moving, when there is none ahead. */
  takeUntilLast(token: string): string | undefined {
    const at = this.text.lastIndexOf(token);
    this.work.characters += this.text.length - Math.max(at, 0);
    if (at < this.position) return undefined;
    const taken = this.text.slice(this.position, at);
    this.position = at + token.length;
    return taken;
  }

  takeRest(): string {
    const taken = this.rest;
    this.work.characters += taken.length;
    this.position = this.text.length;
    return taken;
  }

  /** Text before the next double quote that no backslash escapes, without moving behind it; to the end when there is none. */
  takeToQuote(): string {
    const start = this.position;
    for (let code = this.peek(); !Number.isNaN(code) && code !== QUOTE; code = this.peek()) {
      this.position += code === BACKSLASH ? 2 : 1;
    }
    this.position = Math.min(this.position, this.text.length);
    return this.text.slice(start, this.position);
  }

  /**
   * What stands between double quotes, backslash escapes left as they are; to the end of the line when no quote closes it.
   * Undefined, without moving, when no quote opens here.
   */
  takeQuoted(): string | undefined {
    if (!this.skip('"')) return undefined;
    const taken = this.takeToQuote();
    this.skip('"');
    return taken;
  }

  /** A scanner of another text that counts its work with this one's. */
  over(text: string): LineScanner {
    return new LineScanner(text, this.work);
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

export function isSpace(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d);
}

export function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

export function isLetter(code: number): boolean {
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}

/** Letters, digits, `-` and `_`. */
export function isNameCharacter(code: number): boolean {
  return isLetter(code) || isDigit(code) || code === 0x2d || code === 0x5f;
}

/** Whether a text is not empty and all its characters are of one kind. */
export function consistsOf(text: string, isWanted: (code: number) => boolean): boolean {
  for (let i = 0; i < text.length; i += 1) if (!isWanted(text.charCodeAt(i))) return false;
  return text !== '';
}
