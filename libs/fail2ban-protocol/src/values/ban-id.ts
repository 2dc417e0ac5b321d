import { parseNetwork, tryParseNetwork, type IpNetwork } from '@bailiff/ip';
import { InvalidValueError } from '../errors/input.errors.js';

/**
 * What to ban: an address or network in canonical form, since fail2ban compares the exact text. With `allowText`
 * also any other id a filter may have captured.
 * @throws {InvalidAddressError} when it is no address or network and text is not allowed
 * @throws {InvalidValueError} for text that fail2ban would take for an option, or that is empty
 */
export function banWord(id: string, allowText: boolean): string {
  return allowText ? idWord(id) : storedForm(parseNetwork(id));
}

/**
 * What to unban or look for: addresses in canonical form, everything else exactly as given.
 * @throws {InvalidValueError} for text that fail2ban would take for an option (`--all` lifts every ban), or that is empty
 */
export function idWord(id: string): string {
  if (id === '' || id.startsWith('--')) throw new InvalidValueError('id', 'neither empty nor an option');
  const network = tryParseNetwork(id);
  return network === undefined ? id : storedForm(network);
}

const COMPATIBLE = /^::([0-9a-f]{1,4}):([0-9a-f]{1,4})(\/\d+)?$/;

/**
 * The text under which fail2ban keeps an address. It is the canonical one but for the long-deprecated range `::/96`,
 * whose end the C library writes like an IPv4 address.
 */
function storedForm(network: IpNetwork): string {
  const match = COMPATIBLE.exec(network);
  if (match === null) return network;
  const bytes = [match[1], match[2]].flatMap((group) => {
    const value = Number.parseInt(group ?? '', 16);
    return [value >> 8, value & 0xff];
  });
  return `::${bytes.join('.')}${match[3] ?? ''}`;
}
