import type { AsnNetworks } from '@bailiff/contracts/http';
import { ASN_NETWORKS_MAX } from '@bailiff/contracts/jobs';
import { type IpNetwork, tryParseNetwork } from '@bailiff/ip';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { isAsn } from './geo-result.js';

const MAX_NAME = 200;
/** Networks checked before others have their turn: some milliseconds. */
const SLICE = 1_000;

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
export async function readSystemNetworks(result: unknown, asn: number): Promise<SystemNetworks | undefined> {
  if (typeof result !== 'object' || result === null) return undefined;
  const { asn: answered, networks, isTruncated, source } = result as Record<string, unknown>;
  if (!isAsn(answered) || answered !== asn || !Array.isArray(networks)) return undefined;
  return {
    networks: await canonical((networks as unknown[]).slice(0, ASN_NETWORKS_MAX)),
    isTruncated: isTruncated === true || networks.length > ASN_NETWORKS_MAX,
    source: readSource(source),
  };
}

async function canonical(networks: readonly unknown[]): Promise<IpNetwork[]> {
  const found: IpNetwork[] = [];
  for (const [index, network] of networks.entries()) {
    if (index % SLICE === SLICE - 1) await nextTurn();
    const parsed = typeof network === 'string' ? tryParseNetwork(network) : undefined;
    if (parsed !== undefined && parsed === network) found.push(parsed);
  }
  return found;
}

function readSource(source: unknown): AsnNetworks['source'] | null {
  if (typeof source !== 'object' || source === null) return null;
  const { name, builtAt } = source as Record<string, unknown>;
  if (typeof name !== 'string') return null;
  const isDate =
    typeof builtAt === 'string' && /^\d{4}-\d{2}-\d{2}/.test(builtAt) && !Number.isNaN(Date.parse(builtAt));
  return { name: name.slice(0, MAX_NAME), builtAt: isDate ? builtAt : null };
}
