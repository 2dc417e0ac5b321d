import { setImmediate as nextTurn } from 'node:timers/promises';
import { TextDecoder } from 'node:util';
import { BULK_MAX_BYTES, BULK_MAX_ENTRIES, type BulkLineProblem } from '@bailiff/contracts/http';
import type { IpNetwork } from '@bailiff/ip';
import { ListTooLargeError, UnreadableListError } from './bulk.errors.js';
import { MAX_LINE, readListLine } from './list-line.js';

/** Characters of a faulty line that are kept. */
const TEXT_KEPT = 120;
/** Faulty lines that are kept; more are counted. */
const MAX_PROBLEMS = 100_000;
/** Lines between two turns of everybody else. */
const SLICE = 2_000;

/** A list as it was read, before anybody judged its entries. */
export interface ReadList {
  /** Lines that say something. */
  readonly lines: number;
  readonly duplicates: number;
  readonly invalid: number;
  /** Canonical, each once, in the order of the list, with the line it first stands in. */
  readonly entries: ReadonlyMap<IpNetwork, number>;
  readonly problems: readonly BulkLineProblem[];
}

/**
 * Reads an uploaded list piece by piece, UTF-8 or, with its mark, UTF-16.
 * @throws {ListTooLargeError} past {@link BULK_MAX_BYTES} or {@link BULK_MAX_ENTRIES}
 * @throws {UnreadableListError} when it is no text
 */
export async function readList(source: AsyncIterable<Uint8Array>): Promise<ReadList> {
  const reader = new ListReader();
  let decoder: TextDecoder | undefined;
  let bytes = 0;
  for await (const piece of source) {
    bytes += piece.byteLength;
    if (bytes > BULK_MAX_BYTES) throw ListTooLargeError.bytes();
    decoder ??= decoderFor(piece);
    await reader.read(decoder.decode(piece, { stream: true }));
  }
  return reader.end(decoder?.decode() ?? '');
}

function decoderFor([first, second]: Uint8Array): TextDecoder {
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le');
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be');
  if (first === 0x1f && second === 0x8b) throw new UnreadableListError('The file is compressed; unpack it first.');
  return new TextDecoder('utf-8');
}

class ListReader {
  private readonly entries = new Map<IpNetwork, number>();
  private readonly problems: BulkLineProblem[] = [];
  private rest = '';
  private line = 0;
  private lines = 0;
  private duplicates = 0;
  private invalid = 0;

  async read(text: string): Promise<void> {
    if (text.includes('\0')) throw new UnreadableListError('The file is no text.');
    const all = this.rest + text;
    // The line feed of this line end may be in the next piece.
    const isCut = all.endsWith('\r');
    const lines = (isCut ? all.slice(0, -1) : all).split(/\r\n|\n|\r/);
    // Of a line that is too long already, no more needs to be kept than shows it.
    this.rest = `${lines.pop()?.slice(0, MAX_LINE + 1) ?? ''}${isCut ? '\r' : ''}`;
    for (const [index, line] of lines.entries()) {
      this.take(line);
      if (index % SLICE === SLICE - 1) await nextTurn();
    }
  }

  async end(text: string): Promise<ReadList> {
    await this.read(text);
    if (this.rest.trim() !== '') this.take(this.rest);
    const { lines, duplicates, invalid, entries, problems } = this;
    return { lines, duplicates, invalid, entries, problems };
  }

  private take(line: string): void {
    this.line += 1;
    const reading = readListLine(line, this.lines === 0);
    if (reading.kind === 'nothing') return;
    this.lines += 1;
    if (reading.kind === 'fault') {
      this.invalid += 1;
      if (this.problems.length < MAX_PROBLEMS) this.problems.push(problemOf(this.line, line, reading.detail));
    } else if (this.entries.has(reading.network)) {
      this.duplicates += 1;
    } else {
      if (this.entries.size >= BULK_MAX_ENTRIES) throw ListTooLargeError.entries(this.line);
      this.entries.set(reading.network, this.line);
    }
  }
}

function problemOf(line: number, text: string, detail: string): BulkLineProblem {
  const shown = text.trim().toWellFormed();
  return { line, text: shown.length > TEXT_KEPT ? `${shown.slice(0, TEXT_KEPT)}…` : shown, fault: 'invalid', detail };
}
