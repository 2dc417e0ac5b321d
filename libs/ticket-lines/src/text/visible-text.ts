// Control, format (direction marks and overrides, zero-width), line and paragraph separators, unpaired surrogates.
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/**
 * Text that can be shown: what is invisible, moves the cursor or turns the direction of reading is written out
 * (`\x00`, `\u{202e}`), and what is longer than `maxChars` is cut and ends in `…`.
 */
export function visibleText(text: string, maxChars: number): string {
  // Cut first: an escape is longer than what it stands for, so nothing behind this can be within the bound.
  const shown = text.slice(0, maxChars + 1).replace(INVISIBLE, escapeCharacter);
  if (shown.length <= maxChars) return shown;
  return `${shown
    .slice(0, maxChars - 1)
    .toWellFormed()
    .replace(/\uFFFD$/, '')}…`;
}

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  return code <= 0xff ? `\\x${hex.padStart(2, '0')}` : `\\u{${hex}}`;
}

/** {@link visibleText} of a field that logs write as `-` or leave empty when there is nothing to say. */
export function fieldText(text: string | undefined, maxChars: number): string | undefined {
  const trimmed = text?.trim();
  return trimmed === undefined || trimmed === '' || trimmed === '-' ? undefined : visibleText(trimmed, maxChars);
}
