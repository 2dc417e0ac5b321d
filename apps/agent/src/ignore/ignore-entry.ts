import { CommandError } from '@bailiff/agent-channel';
import { ignoreWord, InvalidValueError } from '@bailiff/fail2ban-protocol';
import { mayBeExempt, type NetworkSet, tryParseNetwork } from '@bailiff/ip';

/** One spelling for entries that mean the same. */
export function sameEntry(entry: string): string {
  return tryParseNetwork(entry) ?? entry.toLowerCase();
}

/**
 * An entry to add, in canonical form: an address, a network, or a host name.
 * @throws {CommandError} for anything else, and for networks that would switch the jail off
 */
export function checkEntry(text: string): string {
  let entry: string;
  try {
    entry = ignoreWord(text);
  } catch (error) {
    if (!(error instanceof InvalidValueError)) throw error;
    throw new CommandError(
      'request/invalid',
      `"${text.slice(0, 80)}" is not an address, network or host name; nothing was changed`,
    );
  }
  const network = tryParseNetwork(entry);
  if (network !== undefined && !mayBeExempt(network))
    throw new CommandError('request/invalid', `${network} would ignore nearly everybody: set the jail idle instead`);
  return entry;
}

/** Whether ignoring this entry is what keeps a protected address from being banned. */
export function coversProtected(entry: string, guarded: NetworkSet): boolean {
  const network = tryParseNetwork(entry);
  return network !== undefined && guarded.touches(network);
}
