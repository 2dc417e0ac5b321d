import { CommandError } from '@bailiff/agent-channel';
import { mayBeExempt } from '@bailiff/contracts/http';
import { type NetworkSet, tryParseNetwork } from '@bailiff/ip';

const HOST_NAME = /^(?!-)(?=.{1,253}$)[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63})*\.?$/;

/** One spelling for entries that mean the same. */
export function sameEntry(entry: string): string {
  return tryParseNetwork(entry) ?? entry.toLowerCase();
}

/**
 * An entry to add, in canonical form: an address, a network, or a host name.
 * @throws {CommandError} for anything else, and for networks that would switch the jail off
 */
export function checkEntry(text: string): string {
  const network = tryParseNetwork(text);
  if (network === undefined) {
    if (HOST_NAME.test(text) && !/^[\d.]+$/.test(text)) return text;
    throw new CommandError(
      'request/invalid',
      `"${text.slice(0, 80)}" is not an address, network or host name; nothing was changed`,
    );
  }
  if (!mayBeExempt(network))
    throw new CommandError('request/invalid', `${network} would ignore nearly everybody: set the jail idle instead`);
  return network;
}

/** Whether ignoring this entry is what keeps a protected address from being banned. */
export function coversProtected(entry: string, guarded: NetworkSet): boolean {
  const network = tryParseNetwork(entry);
  return network !== undefined && guarded.touches(network);
}
