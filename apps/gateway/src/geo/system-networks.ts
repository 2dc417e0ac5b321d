import type { AsnNetworks } from '@bailiff/contracts/http';
import { ASN_NETWORKS_MAX } from '@bailiff/contracts/jobs';
import { type IpNetwork, tryParseNetwork } from '@bailiff/ip';
import { isAsn } from './geo-result.js';

const MAX_NAME = 200;

/** A worker's answer about what a system announces. */
export interface SystemNetworks extends Pick<AsnNetworks, 'isTruncated'> {
  readonly networks: readonly IpNetwork[];
  /** null: the worker has no data that could tell. */
  readonly source: AsnNetworks['source'] | null;
}

/**
 * A worker's answer about a system. The worker parses the internet: only canonical networks pass, and anything else than an
 * answer about this system is none.
 */
export function readSystemNetworks(result: unknown, asn: number): SystemNetworks | undefined {
  if (typeof result !== 'object' || result === null) return undefined;
  const { asn: answered, networks, isTruncated, source } = result as Record<string, unknown>;
  if (!isAsn(answered) || answered !== asn || !Array.isArray(networks)) return undefined;
  return {
    networks: (networks as unknown[])
      .slice(0, ASN_NETWORKS_MAX)
      .map((network) => (typeof network === 'string' ? { network, parsed: tryParseNetwork(network) } : undefined))
      .flatMap((one) => (one?.parsed !== undefined && one.parsed === one.network ? [one.parsed] : [])),
    isTruncated: isTruncated === true || networks.length > ASN_NETWORKS_MAX,
    source: readSource(source),
  };
}

function readSource(source: unknown): AsnNetworks['source'] | null {
  if (typeof source !== 'object' || source === null) return null;
  const { name, builtAt } = source as Record<string, unknown>;
  if (typeof name !== 'string') return null;
  const isDate =
    typeof builtAt === 'string' && /^\d{4}-\d{2}-\d{2}/.test(builtAt) && !Number.isNaN(Date.parse(builtAt));
  return { name: name.slice(0, MAX_NAME), builtAt: isDate ? builtAt : null };
}
