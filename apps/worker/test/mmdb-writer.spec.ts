import { parseNetwork, prefixLength, sortKey } from '@bailiff/ip';

/** What a record may hold. */
export type MmdbValue = string | number | bigint | readonly MmdbValue[] | { readonly [key: string]: MmdbValue };

/** An MMDB file to be made. */
export interface MmdbContent {
  readonly type: string;
  readonly builtAt: Date;
  readonly networks: Readonly<Record<string, MmdbValue>>;
  /** Default 6: IPv4 below `::/96`, as MaxMind does it. */
  readonly ipVersion?: 4 | 6;
}

type Slot = Node | { readonly data: number } | undefined;
interface Node {
  left: Slot;
  right: Slot;
  index?: number;
}

/**
 * Writes a small MMDB file with 24-bit records.
 * @see https://maxmind.github.io/MaxMind-DB/
 */
export function writeMmdb({ type, builtAt, networks, ipVersion = 6 }: MmdbContent): Buffer {
  const root: Node = { left: undefined, right: undefined };
  const data: Buffer[] = [];
  let dataSize = 0;
  for (const [network, value] of Object.entries(networks)) {
    insert(root, bitsOf(network, ipVersion), { data: dataSize });
    const encoded = encode(value);
    data.push(encoded);
    dataSize += encoded.length;
  }
  const nodes = collect(root);
  const tree = Buffer.alloc(nodes.length * 6);
  const record = (slot: Slot) => {
    if (slot === undefined) return nodes.length;
    return 'data' in slot ? nodes.length + 16 + slot.data : (slot.index ?? 0);
  };
  nodes.forEach((node, i) => {
    tree.writeUIntBE(record(node.left), i * 6, 3);
    tree.writeUIntBE(record(node.right), i * 6 + 3, 3);
  });
  const metadata = encode({
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: BigInt(Math.floor(builtAt.getTime() / 1000)),
    database_type: type,
    description: { en: 'made for a test' },
    ip_version: ipVersion,
    languages: ['en'],
    node_count: nodes.length,
    record_size: 24,
  });
  return Buffer.concat([tree, Buffer.alloc(16), ...data, Buffer.from('abcdef4d61784d696e642e636f6d', 'hex'), metadata]);
}

function bitsOf(text: string, ipVersion: 4 | 6): string {
  const network = parseNetwork(text);
  const isV4 = !network.includes(':');
  const key = sortKey(network).slice(1, isV4 ? 9 : 33);
  const bits = [...key].map((digit) => Number.parseInt(digit, 16).toString(2).padStart(4, '0')).join('');
  return (isV4 && ipVersion === 6 ? '0'.repeat(96) : '') + bits.slice(0, prefixLength(network));
}

function insert(root: Node, bits: string, leaf: { data: number }): void {
  let node = root;
  for (const bit of bits.slice(0, -1)) {
    const side = bit === '0' ? 'left' : 'right';
    const next = node[side];
    if (next !== undefined && 'data' in next) throw new Error('networks of a test file must not contain each other');
    node = node[side] = next ?? { left: undefined, right: undefined };
  }
  node[bits.endsWith('0') ? 'left' : 'right'] = leaf;
}

function collect(root: Node): Node[] {
  const nodes: Node[] = [root];
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i];
    if (node === undefined) break;
    node.index = i;
    for (const slot of [node.left, node.right]) if (slot !== undefined && !('data' in slot)) nodes.push(slot);
  }
  return nodes;
}

function encode(value: MmdbValue): Buffer {
  if (typeof value === 'string') return Buffer.concat([control(2, Buffer.byteLength(value)), Buffer.from(value)]);
  if (typeof value === 'number' || typeof value === 'bigint') {
    const hex = BigInt(value).toString(16);
    const bytes = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex');
    return Buffer.concat([control(typeof value === 'bigint' ? 9 : 6, bytes.length), bytes]);
  }
  if (isList(value)) return Buffer.concat([control(11, value.length), ...value.map(encode)]);
  const fields = Object.entries(value);
  return Buffer.concat([control(7, fields.length), ...fields.flatMap(([key, field]) => [encode(key), encode(field)])]);
}

const isList = (value: object): value is readonly MmdbValue[] => Array.isArray(value);

function control(type: number, size: number): Buffer {
  const length = size < 29 ? [size] : [29, size - 29];
  const [first = 0, ...more] = length;
  return Buffer.from(type <= 7 ? [(type << 5) | first, ...more] : [first, type - 7, ...more]);
}
