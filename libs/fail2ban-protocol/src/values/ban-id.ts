import { parseNetwork, tryParseNetwork } from '@bailiff/ip';
import { InvalidValueError } from '../errors/input.errors.js';

/**
 * What to ban: an address or network in canonical form, since fail2ban compares the exact text. With `allowText`
 * also any other id a filter may have captured.
 * @throws {InvalidAddressError} when it is no address or network and text is not allowed
 * @throws {InvalidValueError} for text that fail2ban would take for an option, or that is empty
 */
export function banWord(id: string, allowText: boolean): string {
  return allowText ? idWord(id) : parseNetwork(id);
}

/**
 * What to unban or look for: addresses in canonical form, everything else exactly as given.
 * @throws {InvalidValueError} for text that fail2ban would take for an option (`--all` lifts every ban), or that is empty
 */
export function idWord(id: string): string {
  if (id === '' || id.startsWith('--')) throw new InvalidValueError('id', 'neither empty nor an option');
  return tryParseNetwork(id) ?? id;
}
