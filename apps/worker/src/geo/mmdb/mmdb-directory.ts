import type { Dirent } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { GeoFact, GeoSource } from '@bailiff/contracts/http';
import { mmdbCredit } from './mmdb-credit.js';
import { MmdbFile } from './mmdb-file.js';
import type { MmdbFacts } from './mmdb-record.js';

/** Larger files are refused: they are held in memory. */
const MAX_BYTES = 1024 ** 3;
const MAX_FILES = 16;

interface Mounted {
  /** Changes whenever the file does. */
  readonly mark: string;
  /** What is used: after a broken update still the file before it. */
  readonly file: MmdbFile | undefined;
  readonly problem: string | null;
}

/**
 * The MMDB files of a directory, newest data first. They come, change and go while the worker runs; a broken one is told about
 * and never used, nor does it push out a good one of its name.
 */
export class MmdbDirectory {
  private mounted = new Map<string, Mounted>();
  private directoryProblem: string | null = null;

  constructor(private readonly path: string | undefined) {}

  /**
   * Reads what is new in the directory.
   * @returns whether anything changed
   */
  async refresh(): Promise<boolean> {
    if (this.path === undefined) return false;
    const before = this.mounted;
    const problemBefore = this.directoryProblem;
    const next = new Map<string, Mounted>();
    for (const name of await this.names(this.path)) {
      const known = before.get(name);
      next.set(name, await this.load(join(this.path, name), name, known));
    }
    this.mounted = next;
    const isSame = [...next].every(([name, entry]) => before.get(name) === entry) && next.size === before.size;
    return !isSame || problemBefore !== this.directoryProblem;
  }

  /** What the newest file that knows says; a damaged file is skipped and marked as broken. */
  find(address: string): MmdbFacts {
    let facts: MmdbFacts = { country: null, asn: null, asName: null };
    for (const [name, { file, mark }] of this.newestFirst()) {
      if (facts.country !== null && facts.asn !== null) break;
      try {
        const found = file.find(address);
        facts = {
          country: facts.country ?? found.country,
          ...(facts.asn === null ? { asn: found.asn, asName: found.asName } : { asn: facts.asn, asName: facts.asName }),
        };
      } catch {
        this.mounted.set(name, { mark, file: undefined, problem: 'The file is damaged.' });
      }
    }
    return facts;
  }

  /** Whether a file that works holds a kind of fact. */
  covers(fact: GeoFact): boolean {
    return this.newestFirst().some(([, { file }]) => file.facts.includes(fact));
  }

  sources(): GeoSource[] {
    const sources = Array.from(this.mounted, ([name, { file, problem }]): GeoSource => {
      const type = file?.type ?? '';
      return {
        name: type === '' ? name : `${name} (${type})`,
        kind: 'mounted',
        facts: file?.facts ?? [],
        builtAt: file?.builtAt.toISOString() ?? null,
        entries: null,
        ...mmdbCredit(type),
        state: file === undefined ? 'broken' : 'used',
        problem,
      };
    });
    if (this.directoryProblem !== null)
      sources.push({
        name: this.path ?? '',
        kind: 'mounted',
        facts: [],
        builtAt: null,
        entries: null,
        credit: '',
        creditUrl: null,
        state: 'broken',
        problem: this.directoryProblem,
      });
    return sources;
  }

  private newestFirst(): [string, Mounted & { readonly file: MmdbFile }][] {
    return [...this.mounted]
      .filter((entry): entry is [string, Mounted & { file: MmdbFile }] => entry[1].file !== undefined)
      .sort(([, a], [, b]) => b.file.builtAt.getTime() - a.file.builtAt.getTime());
  }

  private async names(path: string): Promise<string[]> {
    try {
      const entries: Dirent[] = await readdir(path, { withFileTypes: true });
      this.directoryProblem = null;
      return entries
        .filter((entry) => !entry.isDirectory() && entry.name.endsWith('.mmdb'))
        .map(({ name }) => name)
        .sort()
        .slice(0, MAX_FILES);
    } catch (error) {
      this.directoryProblem = `The directory cannot be read (${codeOf(error)}).`;
      return [];
    }
  }

  private async load(path: string, name: string, known: Mounted | undefined): Promise<Mounted> {
    let mark = '';
    try {
      const { size, mtimeMs, ino } = await stat(path);
      mark = `${ino}:${size}:${mtimeMs}`;
      if (known?.mark === mark) return known;
      if (size > MAX_BYTES) return { mark, file: known?.file, problem: 'The file is larger than 1 GiB.' };
      const file = new MmdbFile(name, await readFile(path));
      if (file.facts.length > 0) return { mark, file, problem: null };
      return { mark, file: undefined, problem: 'The file holds neither countries nor AS numbers.' };
    } catch (error) {
      const code = codeOf(error);
      const problem =
        code === 'unknown' ? 'The file is cut off, or no MMDB file.' : `The file cannot be read (${code}).`;
      if (known?.mark === mark && known.problem === problem) return known;
      return {
        mark,
        file: known?.file,
        problem: known?.file === undefined ? problem : `${problem} The one before it is used.`,
      };
    }
  }
}

/** Code of a system error; anything else is about the content. */
function codeOf(error: unknown): string {
  const code: unknown = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'unknown';
}
