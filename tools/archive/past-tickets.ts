import type { IngestTicket, ResolvedAddress } from '@bailiff/persistence';

import { Random } from '../demo/random.ts';
import { ipv4Networks, ipv6Networks, type DemoNetwork } from './networks.ts';

const yearMs = 365 * 86_400_000;

interface PastJail {
  readonly name: string;
  /** Share of all bans, together 1. */
  readonly share: number;
  readonly bantimeSeconds: number;
  readonly service?: string;
  readonly paths?: readonly [string, ...string[]];
}

const wordpress = ['/wp-login.php', '/xmlrpc.php', '/wp-admin/install.php', '/wp-content/plugins/'] as const;
const probes = ['/.env', '/.git/config', '/phpmyadmin/index.php', '/cgi-bin/luci', '/boaform/admin/formLogin'] as const;

const jails: readonly PastJail[] = [
  { name: 'sshd', share: 0.46, bantimeSeconds: 3_600, service: 'sshd' },
  { name: 'nginx-botsearch', share: 0.14, bantimeSeconds: 43_200, service: 'nginx', paths: probes },
  { name: 'wordpress', share: 0.12, bantimeSeconds: 14_400, service: 'nginx', paths: wordpress },
  { name: 'postfix-sasl', share: 0.1, bantimeSeconds: 21_600, service: 'postfix' },
  { name: 'nginx-http-auth', share: 0.06, bantimeSeconds: 14_400, service: 'nginx', paths: ['/private/', '/status'] },
  { name: 'dovecot', share: 0.05, bantimeSeconds: 21_600, service: 'dovecot' },
  { name: 'recidive', share: 0.04, bantimeSeconds: 604_800 },
  { name: 'proftpd', share: 0.02, bantimeSeconds: 3_600, service: 'proftpd' },
  { name: 'gitea', share: 0.007, bantimeSeconds: 3_600, service: 'gitea', paths: ['/user/login'] },
  {
    name: 'vaultwarden',
    share: 0.003,
    bantimeSeconds: 86_400,
    service: 'vaultwarden',
    paths: ['/identity/connect/token'],
  },
];
const sites: readonly [Site, ...Site[]] = [
  ['shop', 'example.com'],
  ['www', 'example.com'],
  ['blog', 'example.org'],
  ['cloud', 'example.net'],
];
type Site = readonly [subdomain: string, domain: string];
const users = ['root', 'admin', 'oracle', 'ubuntu', 'postgres', 'git', 'deploy'] as const;

/** A slice of the past: bans of one host in the order of time, and what is known of addresses that were not seen before. */
export interface PastSlice {
  readonly hostId: string;
  readonly tickets: readonly IngestTicket[];
  readonly places: readonly ResolvedAddress[];
}

/** What a past is made of. */
export interface PastOptions {
  readonly seed: number;
  readonly count: number;
  readonly hostIds: readonly [string, ...string[]];
  /** The newest ban, milliseconds; the oldest is a year older. */
  readonly nowMs: number;
  readonly sliceSize: number;
}

/**
 * Bans of a year, the same for the same seed: many countries and networks, few addresses that come again and again beside many
 * that come once, more of everything lately.
 */
export function* pastSlices({ seed, count, hostIds, nowMs, sliceSize }: PastOptions): Generator<PastSlice> {
  const random = new Random(seed);
  const pool = Math.max(50, Math.round(count * 0.45));
  const seen = new Uint16Array(pool);
  for (let start = 0; start < count; start += sliceSize) {
    const places = new Map<string, ResolvedAddress>();
    const tickets: IngestTicket[] = [];
    for (let n = start; n < Math.min(count, start + sliceSize); n += 1) {
      // A tenth comes again and again, a few of them most of all; the others once or twice.
      const index = Math.floor(pool * (random.next() < 0.4 ? 0.1 * random.next() ** 2.5 : random.next()));
      const { address, network } = attacker(index);
      if (seen[index] === 0) places.set(address, placeOf(address, network));
      const banCount = Math.min(65_535, (seen[index] ?? 0) + 1);
      seen[index] = banCount;
      tickets.push(ticketOf(random, address, banCount, nowMs - Math.round(yearMs * (1 - (n + 1) / count) ** 1.3)));
    }
    const hostId = hostIds[Math.floor(start / sliceSize) % hostIds.length] ?? hostIds[0];
    yield { hostId, tickets, places: [...places.values()] };
  }
}

/** The address with a number, and its network; the same each time. */
function attacker(index: number): { address: string; network: DemoNetwork } {
  const mixed = Math.imul(index ^ (index >>> 13), 0x5bd1e995) >>> 0;
  const isIpv6 = mixed % 17 === 0;
  const networks = isIpv6 ? ipv6Networks : ipv4Networks;
  // Squared: the first networks have the most attackers.
  const share = ((mixed >>> 5) % 4096) / 4096;
  const network = networks[Math.floor(networks.length * share ** 1.5)] ?? ipv4Networks[0];
  if (network === undefined) throw new RangeError('no networks');
  const host = Math.imul(index + 1, 0x9e3779b1) >>> 0;
  const address = isIpv6
    ? `${network.prefix}::${(host >>> 16 || 1).toString(16)}:${((index % 0xffff) + 1).toString(16)}`
    : `${network.prefix}.${host >>> 24}.${(host >>> 8) & 255 || 1}`;
  return { address, network };
}

function placeOf(address: string, { country, asn }: DemoNetwork): ResolvedAddress {
  return { address, country, asn, rir: null };
}

function ticketOf(random: Random, address: string, banCount: number, atMs: number): IngestTicket {
  const jail = pickJail(random);
  const [targetSubdomain, targetDomain] = random.pick(sites);
  const path = jail.paths === undefined ? undefined : `${random.pick(jail.paths)}?v=${random.between(1, 500)}`;
  const line =
    path === undefined
      ? `web-1 ${jail.service ?? jail.name}[${random.between(400, 9_999)}]: Failed password for ${random.pick(users)} from ${address}`
      : `${targetSubdomain}.${targetDomain} ${address} - - "GET ${path} HTTP/1.1" 404`;
  return {
    kind: 'ban',
    jail: jail.name,
    address,
    atMs: Math.floor(atMs / 1_000) * 1_000,
    bantimeSeconds: jail.bantimeSeconds,
    banCount,
    failures: random.between(3, 9),
    origin: random.next() < 0.02 ? 'manual' : 'selfblock',
    matches: [line],
    ...(jail.service === undefined ? {} : { service: jail.service }),
    ...(path === undefined ? {} : { requestUrl: path, targetDomain, targetSubdomain }),
  };
}

function pickJail(random: Random): PastJail {
  let drawn = random.next();
  for (const jail of jails) {
    drawn -= jail.share;
    if (drawn < 0) return jail;
  }
  return jails[0] ?? { name: 'sshd', share: 1, bantimeSeconds: 3_600 };
}
