import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { BULK_MAX_BYTES } from '@bailiff/contracts/http';
import { ListTooLargeError, UnreadableListError } from './bulk.errors.js';
import { readList } from './list-reader.js';

const pieces = (data: Uint8Array | string, size = 7): AsyncIterable<Uint8Array> => {
  const bytes = typeof data === 'string' ? Buffer.from(data) : data;
  const count = Math.ceil(bytes.length / size);
  return Readable.from(Array.from({ length: count }, (_, n) => bytes.subarray(n * size, (n + 1) * size)));
};

describe(readList.name, () => {
  it('reads lines whatever pieces they come in, whatever ends them', async () => {
    const list = await readList(
      pieces('\ufeff# list\r\n192.0.2.1\r\n\n192.0.2.1/32\n2001:DB8::1\rnonsense\n198.51.100.0/24'),
    );
    expect([...list.entries]).toEqual([
      ['192.0.2.1', 2],
      ['2001:db8::1', 5],
      ['198.51.100.0/24', 7],
    ]);
    expect(list).toMatchObject({ lines: 5, duplicates: 1, invalid: 1 });
    expect(list.problems).toMatchObject([{ line: 6, text: 'nonsense', fault: 'invalid' }]);
  });

  it('keeps a line end that two pieces share', async () => {
    expect([...(await readList(pieces('192.0.2.1\r\n192.0.2.2\r\n', 10))).entries]).toEqual([
      ['192.0.2.1', 1],
      ['192.0.2.2', 2],
    ]);
  });

  it('reads what Notepad calls Unicode', async () => {
    const text = Buffer.from('\ufeff192.0.2.1\r\n192.0.2.2', 'utf16le');
    expect([...(await readList(pieces(text))).entries.keys()]).toEqual(['192.0.2.1', '192.0.2.2']);
  });

  it.each([
    ['compressed', Buffer.from([0x1f, 0x8b, 8, 0])],
    ['no text', Buffer.from('192.0.2.1\0')],
  ])('refuses a file that is %s', async (_what, data) => {
    await expect(readList(pieces(data))).rejects.toThrow(UnreadableListError);
  });

  it('refuses too many bytes and too many addresses', async () => {
    await expect(readList(pieces(Buffer.alloc(BULK_MAX_BYTES + 1, '#'), 1_000_000))).rejects.toThrow(ListTooLargeError);
    const many = Array.from({ length: 100_001 }, (_, n) => `100.${n >> 16}.${(n >> 8) & 255}.${n & 255}`).join('\n');
    await expect(readList(pieces(many, 65_536))).rejects.toThrow(/Line 100001/);
  });

  it('is not slowed down by one endless line in small pieces', async () => {
    const list = await readList(pieces(`${'x'.repeat(4_000_000)}\r\n192.0.2.1`, 1_000));
    expect(list).toMatchObject({ invalid: 1, problems: [{ line: 1, detail: expect.stringContaining('longer') }] });
    expect([...list.entries]).toEqual([['192.0.2.1', 2]]);
  });

  it('cuts hostile lines short', async () => {
    const { problems } = await readList(pieces(`<img src=x onerror=alert(1)>${'\u202e'.repeat(500)}\ud800\n`, 50));
    expect(problems[0]?.text).toHaveLength(121);
    expect(problems[0]?.text.isWellFormed()).toBe(true);
  });
});
