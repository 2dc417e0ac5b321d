import type { Random } from './random.ts';

/** Beginnings of public networks of many countries (three groups of the address, the last two drawn at random), so that
 *  the demo's list of bans shows many flags. Countries that real attacks come from most are listed with more networks. */
const ipv4Networks = [
  ...['1.180', '36.110', '61.177', '218.92', '222.186'], // China
  ...['45.33', '104.131'], // United States
  ...['95.165', '178.140'], // Russia
  ...['46.4', '88.198', '85.214'], // Germany
  ...['177.54', '189.112', '200.150'], // Brazil
  ...['117.195', '122.160'], // India
  ...['14.160', '113.160', '171.224'], // Viet Nam
  ...['121.128', '175.192'], // Korea
  ...['36.64', '180.250'], // Indonesia
  ...['1.160', '114.32'], // Taiwan
  ...['51.158', '94.102', '128.199', '81.130', '151.50', '90.160', '83.0', '178.150', '86.120'], // FR NL SG GB IT ES PL UA RO
  ...['78.160', '2.176', '39.32', '114.130', '58.8', '60.48', '112.198', '126.0', '203.45'], // TR IR PK BD TH MY PH JP AU
  ...['122.56', '105.224', '41.184', '156.192', '105.160', '41.248'], // NZ ZA NG EG KE MA
  ...['187.128', '181.0', '200.27', '181.48', '190.40', '99.224'], // MX AR CL CO PE CA
  ...['81.224', '84.208', '95.216', '178.196', '80.108', '89.176', '84.0', '79.128', '85.240', '86.40'], // SE NO FI CH AT CZ HU GR PT IE
  ...['109.64', '188.48', '94.200', '95.56', '88.118'], // IL SA AE KZ LT
] as const;

const ipv6Networks = [
  '2a01:4f8:c010',
  '240e:300:12',
  '2a02:8109:9a',
  '2804:14c:3b',
  '2401:4900:57',
  '2001:41d0:a1',
  '2600:1f18:4c',
] as const;

/** An address that looks like an attacker's: mostly IPv4, sometimes IPv6. */
export function attackerAddress(random: Random): string {
  if (random.next() < 0.06) return `${random.pick(ipv6Networks)}::${random.between(1, 0xffff).toString(16)}`;
  return `${random.pick(ipv4Networks)}.${random.between(0, 3)}.${random.between(2, 253)}`;
}
