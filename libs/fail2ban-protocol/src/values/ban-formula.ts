import { InvalidValueError } from '../errors/input.errors.js';

const MAX_TEXT = 300;
// Names the formula of bantime.increment needs, numbers short enough to be harmless, operators without power.
const TOKEN =
  /\s*(?:(ban\.Time|ban\.Count|banFactor|math\.(?:exp|log|log2|log10|sqrt|floor|ceil)|float|int|min|max|abs|round|if|else|and|or|not|random\.random)(?![\w.])|(\d{1,6}(?:\.\d{1,6})?)(?![\w.])|(<<|\*(?!\*)|<=|>=|==|!=|\/\/|[-+/%(),<>]))/y;

/**
 * A formula for `bantime.formula`, or `''` to return to the default. fail2ban compiles and runs it as Python, as
 * root: only arithmetic on `ban.Time`, `ban.Count`, `banFactor` and a few functions passes.
 * @throws {InvalidValueError} for anything else
 */
export function formulaWord(formula: string): string {
  if (formula === '') return formula;
  if (formula.length > MAX_TEXT) throw new InvalidValueError('formula', 'too long');
  const trimmed = formula.trim();
  let shifts = 0;
  let depth = 0;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < trimmed.length) {
    const match = TOKEN.exec(trimmed);
    if (match === null) throw new InvalidValueError('formula', 'only arithmetic on ban.Time, ban.Count and banFactor');
    const operator = match[3];
    if (operator === '<<') shifts++;
    if (operator === '(') depth++;
    if (operator === ')') depth--;
    if (depth < 0) throw new InvalidValueError('formula', 'unbalanced parentheses');
  }
  if (depth !== 0) throw new InvalidValueError('formula', 'unbalanced parentheses');
  // Shifting a shifted number could fill the memory of the server.
  if (shifts > 1) throw new InvalidValueError('formula', 'only one shift');
  return trimmed;
}

/** A positive plain number for `bantime.factor`, or `''`. @throws {InvalidValueError} */
export function factorWord(factor: number | ''): string {
  if (factor === '') return factor;
  if (!Number.isFinite(factor) || factor <= 0 || factor > 1e6)
    throw new InvalidValueError('factor', 'a number above 0');
  return Number.isInteger(factor) ? String(factor) : factor.toFixed(6).replace(/0+$/, '');
}

/** Multipliers, 1 to 64 whole numbers, as the space-separated text fail2ban takes; `''` for none. */
export function multipliersWord(multipliers: readonly number[]): string {
  const isGood = multipliers.length <= 64 && multipliers.every((m) => Number.isSafeInteger(m) && m >= 1 && m <= 1e9);
  if (!isGood) throw new InvalidValueError('multipliers', 'up to 64 whole numbers from 1');
  return multipliers.join(' ');
}
