import { isPrivateOrReserved, tryParseAddress } from '@bailiff/ip';

/** Pages show the same addresses again and again; reading a hundred of them anew costs half a millisecond an answer. */
const REMEMBERED = 20_000;
const remembered = new Map<string, boolean>();

/** Whether a text is a single address that others than its own network may know something about. */
export function isPublicAddress(address: string): boolean {
  const known = remembered.get(address);
  if (known !== undefined) return known;
  const single = tryParseAddress(address);
  const isPublic = single !== undefined && !isPrivateOrReserved(single);
  if (remembered.size >= REMEMBERED) remembered.clear();
  remembered.set(address, isPublic);
  return isPublic;
}
