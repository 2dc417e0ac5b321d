const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

/** A new correlation id: 20 characters, 100 bits. Works on plain-HTTP pages, where `crypto.randomUUID` is missing. */
export function newCorrelationId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(20)), (byte) => ALPHABET.charAt(byte % 32)).join('');
}
