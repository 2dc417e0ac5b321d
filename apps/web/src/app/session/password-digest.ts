import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/**
 * SHA-256 of a password as 64 lower-case hex digits; plaintext never leaves the browser. A library because `crypto.subtle` is
 * missing on plain-HTTP pages. The text is normalised (NFKC) first: the same password typed on another system is the same.
 */
export function passwordDigest(password: string): string {
  return bytesToHex(sha256(utf8ToBytes(password.normalize('NFKC'))));
}
