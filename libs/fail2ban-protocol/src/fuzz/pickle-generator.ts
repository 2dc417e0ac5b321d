import { Op } from '../codec/opcodes.js';

/** A small repeatable source of randomness: the same seed gives the same cases everywhere. */
export class SeededRandom {
  constructor(private state: number) {}

  /** A whole number from 0 to below `bound`. @see mulberry32 */
  below(bound: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % bound;
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new RangeError('nothing to pick from');
    return item;
  }
}

const opcodes = Object.values(Op);

/** Bytes that look like a reply to somebody who only glances at them: mostly opcodes, with plausible arguments. */
export function hostileReply(random: SeededRandom, length: number): Buffer {
  const bytes: number[] = [Op.Proto, 5];
  while (bytes.length < length) {
    const dice = random.below(10);
    if (dice === 0) bytes.push(random.below(256));
    else if (dice === 1) bytes.push(Op.ShortBinUnicode, 3, 0x61, 0x62, 0x63);
    else if (dice === 2) bytes.push(Op.EmptyList, Op.Memoize, Op.BinGet, random.below(4), Op.Append);
    else if (dice === 3) bytes.push(Op.BinInt1, random.below(256));
    else bytes.push(random.pick(opcodes));
  }
  bytes.push(Op.Stop);
  return Buffer.concat([Buffer.from(bytes), Buffer.from('<F2B_END_COMMAND>')]);
}

/** A reply with a few bytes changed, removed or doubled. */
export function mutate(random: SeededRandom, reply: Buffer): Buffer {
  let bytes = Buffer.from(reply);
  for (let changes = 1 + random.below(4); changes > 0 && bytes.length > 0; changes--) {
    const at = random.below(bytes.length);
    const kind = random.below(4);
    if (kind === 0) bytes[at] = random.below(256);
    else if (kind === 1) bytes[at] = random.pick(opcodes);
    else if (kind === 2) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + random.below(8))]);
    else bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at - random.below(Math.min(at, 8) + 1))]);
  }
  return bytes;
}
