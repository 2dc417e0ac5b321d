import { tryParseNetwork } from '@bailiff/ip';
import { PyObject, isPyDict, type PyValue } from '../codec/py-value.js';
import { InvalidValueError } from '../errors/input.errors.js';
import { expectList, expectText } from './expect.js';

const FILE = 'file:';

/** Reads an ignore list; a loaded file of addresses (1.1.1+) becomes `file:PATH`. */
export function readIgnoreList(value: PyValue): string[] {
  return expectList(value, 'ignoreip').map((entry) => {
    if (!(entry instanceof PyObject)) return expectText(entry, 'ignoreip');
    const path = isPyDict(entry.state) ? entry.state['fileName'] : undefined;
    return FILE + expectText(path, 'fileName');
  });
}

/**
 * An entry to ignore: an address or network in canonical form, or a host name.
 * @throws {InvalidValueError} for text that is neither, which fail2ban would keep without any effect
 */
export function ignoreWord(entry: string): string {
  const network = tryParseNetwork(entry);
  if (network !== undefined) return network;
  const isHostName = entry.length <= 253 && /^(?!-)[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63})*\.?$/.test(entry);
  // All digits and dots would be a mistyped address, never a host.
  if (!isHostName || /^[\d.]+$/.test(entry))
    throw new InvalidValueError('ignoreip', 'an address, network or host name');
  return entry;
}

/** The entry of the list that means the same, in its stored form. */
export function findIgnored(list: readonly string[], entry: string): string | undefined {
  const wanted = tryParseNetwork(entry) ?? entry;
  return list.find((stored) => (tryParseNetwork(stored) ?? stored) === wanted);
}
