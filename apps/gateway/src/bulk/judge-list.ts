import {
  WIDEST_BAN_PREFIX,
  type BulkDirection,
  type BulkFault,
  type BulkLineProblem,
  type BulkPreview,
  type GuardFinding,
} from '@bailiff/contracts/http';
import {
  contains,
  family,
  isAddress,
  NetworkSet,
  networkRange,
  parseNetwork,
  prefixLength,
  type IpNetwork,
} from '@bailiff/ip';
import type { ReadList } from './list-reader.js';

/** Nobody's address on the internet, or one's own network. Documentation ranges harm nobody. */
const LOCAL = new NetworkSet(
  [
    '0.0.0.0/8',
    '10.0.0.0/8',
    '100.64.0.0/10',
    '127.0.0.0/8',
    '169.254.0.0/16',
    '172.16.0.0/12',
    '192.168.0.0/16',
    '224.0.0.0/4',
    '240.0.0.0/4',
    '::/127',
    'fc00::/7',
    'fe80::/10',
    'ff00::/8',
  ].map(parseNetwork),
);
const PREVIEW_PROBLEMS = 100;
const PREVIEW_SAMPLE = 20;
const COVERED_SAMPLE = 5;

/** A list whose every entry may be dealt with, and everything there is to say about it. */
export interface JudgedList {
  readonly entries: readonly IpNetwork[];
  readonly problems: readonly BulkLineProblem[];
  readonly preview: Omit<BulkPreview, 'bannedNow'>;
}

/**
 * Sorts out what must not be banned. To unban, everything may be named.
 * @param findings what the lock-out guard says about the list's entries
 */
export function judgeList(list: ReadList, direction: BulkDirection, findings: readonly GuardFinding[]): JudgedList {
  const guarded = new Map(findings.map((finding) => [finding.address, finding.detail]));
  const entries: IpNetwork[] = [];
  const refused: BulkLineProblem[] = [];
  const faults: Record<BulkFault, number> = { invalid: list.invalid, 'too-wide': 0, private: 0, protected: 0 };
  for (const [network, line] of list.entries) {
    const refusal = direction === 'ban' ? judge(network, guarded) : undefined;
    if (refusal === undefined) entries.push(network);
    else {
      faults[refusal.fault] += 1;
      refused.push({ line, text: network, ...refusal });
    }
  }
  const problems = [...list.problems, ...refused].sort((a, b) => a.line - b.line);
  const { count, sample } = coveredIn(entries);
  const preview = {
    lines: list.lines,
    entries: entries.length,
    duplicates: list.duplicates,
    networks: entries.filter((entry) => !isAddress(entry)).length,
    covered: count,
    coveredSample: sample,
    faults,
    problems: problems.slice(0, PREVIEW_PROBLEMS),
    sample: entries.slice(0, PREVIEW_SAMPLE),
  };
  return { entries, problems, preview };
}

function judge(
  network: IpNetwork,
  guarded: ReadonlyMap<string, string>,
): { readonly fault: BulkFault; readonly detail: string } | undefined {
  const shortest = WIDEST_BAN_PREFIX[family(network)];
  if (prefixLength(network) < shortest) return { fault: 'too-wide', detail: `Wider than /${shortest}` };
  const detail = guarded.get(network);
  if (detail !== undefined) return { fault: 'protected', detail };
  if (LOCAL.touches(network)) return { fault: 'private', detail: 'A private, local or reserved range' };
  return undefined;
}

/** Entries inside a network of the same list, and the first few of them with that network. */
function coveredIn(entries: readonly IpNetwork[]): { count: number; sample: BulkPreview['coveredSample'] } {
  const networks = entries.filter((entry) => !isAddress(entry));
  if (networks.length === 0) return { count: 0, sample: [] };
  const set = new NetworkSet(networks);
  const nested = nestedIn(networks);
  const covered = entries.filter((entry) => (isAddress(entry) ? set.covers(entry) : nested.has(entry)));
  const sample = covered.slice(0, COVERED_SAMPLE).flatMap((address) => {
    const network = networks.find((one) => one !== address && contains(one, address));
    return network === undefined ? [] : [{ address, network }];
  });
  return { count: covered.length, sample };
}

/** Networks that lie in another one, by one walk along their order. */
function nestedIn(networks: readonly IpNetwork[]): ReadonlySet<IpNetwork> {
  const sorted = networks
    .map((network) => ({ network, ...networkRange(network) }))
    .sort((a, b) => (a.first === b.first ? (a.last < b.last ? 1 : -1) : a.first < b.first ? -1 : 1));
  const nested = new Set<IpNetwork>();
  let end = '';
  for (const { network, last } of sorted) {
    if (last <= end) nested.add(network);
    else end = last;
  }
  return nested;
}
