import { family, parseNetwork, type IpAddress, type IpNetwork } from '@bailiff/ip';

/** Networks wider than this are banned by nobody, or not for long. */
const WIDEST = { 4: 8, 6: 16 } as const;
const WIDTH = { 4: 32, 6: 128 } as const;

/** Every ban id that keeps an address out: itself, and each network around it. */
export function banIdsAround(address: IpAddress): IpNetwork[] {
  const version = family(address);
  return Array.from({ length: WIDTH[version] - WIDEST[version] + 1 }, (_, index) =>
    parseNetwork(`${address}/${WIDTH[version] - index}`),
  );
}
