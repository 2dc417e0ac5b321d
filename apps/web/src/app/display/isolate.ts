/** Letters that run from right to left, and signs that turn the direction of what follows. */
const TURNS = /[\u0590-\u08FF\u200E\u200F\u202A-\u202E\u2066-\u2069\uFB1D-\uFDFF\uFE70-\uFEFC]/;

/**
 * A name given by others, fit to stand inside a sentence: it never changes the direction of the words around it, as markup
 * does by `.untrusted`. Ordinary names stay as they are.
 */
export function isolate(name: string): string {
  if (!TURNS.test(name)) return name;
  // A closing sign of its own would end ours too early.
  return `\u2068${name.replace(/[\u2066-\u2069]/g, '')}\u2069`;
}
