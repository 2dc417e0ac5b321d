import type { Rir } from '@bailiff/contracts/http';

/** Day of the newer of the two registries the tables were copied from. */
export const IANA_TABLES_DATE = '2023-12-18';

/**
 * IPv4 /8 blocks by the registry IANA names for them. Blocks that were given out before there were registries are with the one
 * that administers them.
 * @see https://www.iana.org/assignments/ipv4-address-space
 */
export const IPV4_BLOCKS: Readonly<Record<Rir, string>> = {
  AFRINIC: '41 102 105 197',
  APNIC: '1 14 27 36 39 42 49 58-61 101 103 106 110-126 175 180 182-183 202-203 210-211 218-223',
  ARIN: '3-4 6-9 11-13 15-24 26 28-30 32-35 38 40 44 47-48 50 52 54-56 63-76 96-100 104 107-108 173-174 184 199 204-209 214-216',
  LACNIC: '177 179 181 186-187 189-190 200-201',
  'RIPE NCC': '2 5 25 31 37 46 51 53 57 62 77-95 109 176 178 185 193-195 212-213 217',
};

/** Legacy blocks whose parts went to several registries: the block alone does not say which. */
export const IPV4_SHARED_BLOCKS = '43 45 128-172 188 191-192 196 198';

/**
 * IPv6 unicast allocations.
 * @see https://www.iana.org/assignments/ipv6-unicast-address-assignments
 */
export const IPV6_BLOCKS: Readonly<Record<Rir, string>> = {
  AFRINIC: '2001:4200::/23 2c00::/12',
  APNIC: '2001:200::/23 2001:c00::/22 2001:4400::/23 2001:8000::/19 2001:a000::/20 2001:b000::/20 2400::/12',
  ARIN: '2001:400::/23 2001:1800::/23 2001:4800::/23 2600::/12 2610::/23 2620::/23 2630::/12',
  LACNIC: '2001:1200::/23 2800::/12',
  'RIPE NCC': `2001:600::/23 2001:800::/22 2001:1400::/22 2001:1a00::/23 2001:1c00::/22 2001:2000::/19 2001:4000::/23
    2001:4600::/23 2001:4a00::/23 2001:4c00::/23 2001:5000::/20 2003::/18 2a00::/12 2a10::/12`,
};
