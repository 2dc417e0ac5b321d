import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fuzzDecoder } from './fuzz-decoder.js';

// `pnpm fuzz --seconds 60 --seed 1`, or `--runs 100000`: looks for replies that break the decoder's promises.
const { values } = parseArgs({
  options: { seconds: { type: 'string' }, runs: { type: 'string' }, seed: { type: 'string' } },
});
const seconds = Number(values.seconds ?? (values.runs === undefined ? 30 : Infinity));
const runs = Number(values.runs ?? Infinity);
let seed = Number(values.seed ?? Date.now() % 1_000_000_000);

const fixtures = join(import.meta.dirname, '..', '..', 'fixtures');
const files = (await readdir(fixtures, { recursive: true })).filter((name) => name.endsWith('.reply'));
const seeds = await Promise.all(files.map((name) => readFile(join(fixtures, name))));
const until = performance.now() + seconds * 1_000;
const BATCH = 1_000;

let done = 0;
let decoded = 0;
console.log(`fuzzing from seed ${seed} with ${seeds.length} captured replies`);
while (done < runs && performance.now() < until) {
  const count = Math.min(BATCH, runs - done);
  decoded += fuzzDecoder(seeds, count, seed).decoded;
  seed += count;
  done += count;
}
console.log(`${done} replies, ${decoded} decoded, none broke a promise`);
