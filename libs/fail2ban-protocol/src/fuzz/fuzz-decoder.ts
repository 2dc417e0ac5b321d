import { decodeReply, ReplyReader } from '../codec/reply-reader.js';
import type { ReplyLimits } from '../codec/reply-limits.js';
import { stringifyReply } from '../codec/stringify.js';
import { MalformedReplyError } from '../errors/malformed-reply.error.js';
import { hostileReply, mutate, SeededRandom } from './pickle-generator.js';

/** Small enough that an unfolding bomb shows itself as time or memory. */
const FUZZ_LIMITS: ReplyLimits = {
  maxReplyBytes: 64 * 1024,
  maxDepth: 50,
  maxElements: 20_000,
  maxContainers: 5_000,
  maxStack: 5_000,
  maxMemo: 10_000,
};

/** One hostile reply that broke a promise of the decoder. */
export class FuzzFinding extends Error {
  override readonly name = 'FuzzFinding';
  readonly code = 'fail2ban/fuzz-finding';
  readonly kind = 'bug';

  constructor(
    readonly seed: number,
    readonly input: Buffer,
    reason: string,
    options?: ErrorOptions,
  ) {
    super(`seed ${seed}: ${reason}; input ${input.toString('hex')}`, options);
  }
}

/**
 * Feeds hostile replies to the decoder. Promises: a plain value or a `MalformedReplyError`, nothing else; the value can
 * be turned into text; and the same result when the bytes come one by one.
 * @param seeds replies to mutate, marker included
 * @param runs number of replies @param firstSeed of the first of them
 * @returns how many of them were decoded, so that a caller can see that not everything is refused
 * @throws {FuzzFinding}
 */
export function fuzzDecoder(seeds: readonly Buffer[], runs: number, firstSeed = 1): { decoded: number } {
  let decoded = 0;
  for (let seed = firstSeed; seed < firstSeed + runs; seed++) {
    const random = new SeededRandom(seed);
    const isMutation = seeds.length > 0 && random.below(4) > 0;
    const input = isMutation ? mutate(random, random.pick(seeds)) : hostileReply(random, 10 + random.below(300));
    const whole = outcome(seed, input, () => stringifyReply(decodeReply(input, FUZZ_LIMITS).value));
    const drip = outcome(seed, input, () => drippedText(input));
    if (whole !== drip) throw new FuzzFinding(seed, input, `differs when it drips: ${whole} / ${drip}`);
    if (!whole.startsWith('refused')) decoded++;
  }
  return { decoded };
}

function outcome(seed: number, input: Buffer, decode: () => string): string {
  const since = performance.now();
  try {
    return decode();
  } catch (error) {
    if (!(error instanceof MalformedReplyError)) throw new FuzzFinding(seed, input, String(error), { cause: error });
    return 'refused';
  } finally {
    // Generous on purpose: an unfolding bomb takes minutes, a garbage collection milliseconds.
    if (performance.now() - since > 5_000) throw new FuzzFinding(seed, input, 'took more than five seconds');
  }
}

function drippedText(input: Buffer): string {
  const reader = new ReplyReader(FUZZ_LIMITS);
  for (let at = 0; at < input.length; at++) {
    reader.push(input.subarray(at, at + 1));
    if (reader.run(Infinity) !== 'done') continue;
    if (at < input.length - 1) throw new MalformedReplyError('bytes behind the end marker');
    return stringifyReply(reader.take().value);
  }
  throw new MalformedReplyError('truncated');
}
