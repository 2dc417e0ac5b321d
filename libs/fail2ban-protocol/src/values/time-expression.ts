import { InvalidValueError } from '../errors/input.errors.js';

const UNITS: readonly (readonly [RegExp, number])[] = [
  [/^(?:years?|yea?|yy?)$/i, 31_557_600],
  [/^(?:months?|mon?)$/i, 2_629_800],
  [/^(?:weeks?|wee?|ww?)$/i, 604_800],
  [/^(?:days?|da|dd?)$/i, 86_400],
  [/^(?:hours?|hou?|hh?)$/i, 3_600],
  [/^(?:minutes?|min?|mm?)$/i, 60],
  [/^(?:seconds?|sec?|ss?)$/i, 1],
];
const TOKEN = /\s*(?:(\d{1,12}(?:\.\d{1,9})?)(?![\d.])\s*([a-z]+)?|([-+*/]))/iy;
const MAX_TEXT = 100;
const MAX_SECONDS = 1e12;

interface Token {
  readonly value: number;
  readonly operator: string | undefined;
}

/**
 * Seconds meant by a time expression of fail2ban: a number, `10m`, `1d12h`, `1h 30m`, `1h*2`, `1year-6mo`, `-1`.
 * fail2ban evaluates such text as Python, as root; only this whitelist is understood and only the number is sent.
 * @throws {InvalidValueError} for anything else
 * @see fail2ban/fail2ban:fail2ban/server/mytime.py `str2seconds`
 */
export function parseTimeExpression(text: string): number {
  const tokens = text.length <= MAX_TEXT ? tokenize(text) : undefined;
  const seconds = tokens === undefined ? undefined : evaluate(tokens);
  if (seconds === undefined || !Number.isFinite(seconds) || Math.abs(seconds) > MAX_SECONDS) {
    throw new InvalidValueError('time', `${JSON.stringify(text.slice(0, MAX_TEXT))} is not a time expression`);
  }
  return seconds;
}

/**
 * A time as fail2ban takes it without evaluating anything: plain decimal seconds.
 * @param what the setting, for the error
 */
export function timeWord(value: number | string, what: string): string {
  const seconds = typeof value === 'number' ? value : parseTimeExpression(value);
  if (!Number.isFinite(seconds) || Math.abs(seconds) > MAX_SECONDS) throw new InvalidValueError(what, 'not a time');
  // Never exponent notation; fractions only where somebody asked for them.
  return Number.isInteger(seconds) ? String(seconds) : seconds.toFixed(3);
}

function tokenize(text: string): Token[] | undefined {
  const tokens: Token[] = [];
  const trimmed = text.trimEnd();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < trimmed.length) {
    const match = TOKEN.exec(trimmed);
    if (match === null) return undefined;
    const [, digits, unit, operator] = match;
    if (operator !== undefined) {
      tokens.push({ value: 0, operator });
      continue;
    }
    const factor = unit === undefined ? 1 : UNITS.find(([form]) => form.test(unit))?.[1];
    if (factor === undefined) return undefined;
    const previous = tokens.at(-1);
    // Groups side by side are added: fail2ban puts a plus between them.
    if (previous !== undefined && previous.operator === undefined) tokens.push({ value: 0, operator: '+' });
    tokens.push({ value: Number(digits) * factor, operator: undefined });
  }
  return tokens.length > 0 ? tokens : undefined;
}

/** Sum of products with signs, left to right. */
function evaluate(tokens: readonly Token[]): number | undefined {
  let sum = 0;
  let product: number | undefined;
  let pending = '+';
  let sign = 1;
  for (const token of tokens) {
    if (token.operator === undefined) {
      const value = sign * token.value;
      if (pending === '*') product = (product ?? 0) * value;
      else if (pending === '/') product = (product ?? 0) / value;
      else {
        sum += product ?? 0;
        product = pending === '-' ? -value : value;
      }
      pending = '';
      sign = 1;
    } else if (pending === '') {
      pending = token.operator;
    } else if (token.operator === '-') {
      sign = -sign; // a leading minus, or one behind another operator
    } else if (token.operator !== '+') {
      return undefined;
    }
  }
  return pending === '' ? sum + (product ?? 0) : undefined;
}
