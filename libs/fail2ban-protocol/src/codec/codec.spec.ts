import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MalformedReplyError } from '../errors/malformed-reply.error.js';
import { PyGlobal, PyObject, type PyValue } from './py-value.js';
import { DEFAULT_REPLY_LIMITS, type ReplyLimits } from './reply-limits.js';
import { decodeReply, END_MARKER, ReplyReader } from './reply-reader.js';
import { encodeRequest, type RequestValue } from './request-writer.js';
import { stringifyReply } from './stringify.js';

/** A reply from its opcodes: texts and numbers are bytes as they are. */
function reply(...parts: readonly (string | number | Buffer)[]): Buffer {
  const bytes = parts.map((part) =>
    typeof part === 'number' ? Buffer.of(part) : typeof part === 'string' ? Buffer.from(part, 'latin1') : part,
  );
  return Buffer.concat([...bytes, END_MARKER]);
}
const decode = (bytes: Buffer, limits?: Partial<ReplyLimits>): PyValue =>
  decodeReply(bytes, { ...DEFAULT_REPLY_LIMITS, ...limits }).value;
const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};
const refused = (bytes: Buffer, limits?: Partial<ReplyLimits>): void => {
  expect(() => decode(bytes, limits)).toThrow(MalformedReplyError);
};

const anyText = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) }),
);
const { value: anyValue } = fc.letrec<{ value: RequestValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    anyText.filter((text) => !text.includes('<F2B_END_COMMAND>')),
    fc.boolean(),
    fc.constant(null),
    fc.integer(),
    fc.maxSafeInteger(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.array(tie('value')),
    fc.dictionary(fc.string(), tie('value')),
  ),
}));

describe('encodeRequest and decodeReply', () => {
  it('give back what went in, in whatever pieces it arrives', () => {
    fc.assert(
      fc.property(fc.array(anyValue), fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }), (words, cuts) => {
        const bytes = encodeRequest(words);
        expect(decode(bytes)).toEqual(words);
        const reader = new ReplyReader();
        let state = 'more';
        for (let at = 0, i = 0; at < bytes.length; i++) {
          const size = cuts[i % cuts.length] ?? 1;
          reader.push(bytes.subarray(at, at + size));
          at += size;
          state = reader.run(Infinity);
        }
        expect(state).toBe('done');
        expect(reader.take().value).toEqual(words);
      }),
      { numRuns: 500 },
    );
  });

  it('give the same when the decoder is interrupted at every chance', () => {
    const words = Array.from({ length: 5_000 }, (_, i) => `word ${i}`);
    const reader = new ReplyReader();
    reader.push(encodeRequest(words));
    let pauses = 0;
    while (reader.run(-Infinity) === 'paused') pauses++;
    expect(pauses).toBeGreaterThan(10);
    expect(reader.take().value).toEqual(words);
  });

  it('keep lone surrogates, as Python does', () => {
    const words = ['\ud800', 'a\udfffb', '\udc00\ud800', '😀\ud83d', '\ufffd'];
    const bytes = encodeRequest(words);
    expect(bytes.includes(Buffer.from([0xed, 0xa0, 0x80]))).toBe(true);
    expect(decode(bytes)).toEqual(words);
  });

  it('take several replies from one stream, also cut anywhere', () => {
    const bytes = Buffer.concat([encodeRequest(['one']), encodeRequest(['two'])]);
    for (let cut = 1; cut < bytes.length; cut++) {
      const reader = new ReplyReader();
      const values: PyValue[] = [];
      for (const part of [bytes.subarray(0, cut), bytes.subarray(cut)]) {
        reader.push(part);
        while (reader.run(Infinity) === 'done') values.push(reader.take().value);
      }
      expect(values).toEqual([['one'], ['two']]);
    }
  });

  it('refuse requests that the server would misread', () => {
    expect(() => encodeRequest(['x<F2B_END_COMMAND>'])).toThrow(
      expect.objectContaining({ code: 'fail2ban/invalid-value' }),
    );
    expect(() => encodeRequest([{ '<F2B_END_COMMAND>': 1 }])).toThrow('end marker');
    expect(() => encodeRequest([Infinity])).toThrow('finite');
    let deep: RequestValue = [];
    for (let i = 0; i < 100; i++) deep = [deep];
    expect(() => encodeRequest([deep])).toThrow('nested');
  });

  it('take the marker for data inside a text', () => {
    expect(decode(reply('\x80\x05\x8c\x11<F2B_END_COMMAND>.'))).toBe('<F2B_END_COMMAND>');
  });
});

describe(ReplyReader.name, () => {
  it('reads every opcode of the subset', () => {
    expect(decode(reply('N.'))).toBeNull();
    expect(decode(reply('\x88.'))).toBe(true);
    expect(decode(reply('\x89.'))).toBe(false);
    expect(decode(reply('K\xff.'))).toBe(255);
    expect(decode(reply('M\xff\xff.'))).toBe(65_535);
    expect(decode(reply('J\xff\xff\xff\xff.'))).toBe(-1);
    expect(decode(reply('G\x3f\xf8\0\0\0\0\0\0.'))).toBe(1.5);
    expect(decode(reply('\x8a\0.'))).toBe(0);
    expect(decode(reply('\x8a\x01\xff.'))).toBe(-1);
    expect(decode(reply('\x8a\x09\0\0\0\0\0\0\0\0\x01.'))).toBe(2n ** 64n);
    expect(decode(reply('U\x02ab.'))).toBe('ab');
    expect(decode(reply('X', u32(2), 'ab.'))).toBe('ab');
    expect(decode(reply('\x8d', u32(2), u32(0), 'ab.'))).toBe('ab');
    expect(decode(reply('C\x02\x00\xff.'))).toEqual(Uint8Array.of(0, 255));
    expect(decode(reply('B', u32(1), 'a.'))).toEqual(Uint8Array.of(97));
    expect(decode(reply('\x96', u32(1), u32(0), 'a.'))).toEqual(Uint8Array.of(97));
    expect(decode(reply('].'))).toEqual([]);
    expect(decode(reply(').'))).toEqual([]);
    expect(decode(reply('\x8f(K\x01K\x02\x90.'))).toEqual([1, 2]);
    expect(decode(reply('(K\x01\x91.'))).toEqual([1]);
    expect(decode(reply(']NaN\x85a.'))).toEqual([null, [null]]);
    expect(decode(reply('(K\x01K\x02K\x03K\x04t.'))).toEqual([1, 2, 3, 4]);
    expect(decode(reply('K\x01K\x02\x86.'))).toEqual([1, 2]);
    expect(decode(reply('K\x01K\x02K\x03\x87.'))).toEqual([1, 2, 3]);
    expect(decode(reply('}U\x01aK\x01s.'))).toEqual({ a: 1 });
    expect(decode(reply('}(K\x01NN\x88\x88\x89u.'))).toEqual({ '1': null, null: true, true: false });
    expect(decode(reply('NK\x070.'))).toBeNull();
    expect(decode(reply('\x95', Buffer.alloc(8), 'N.'))).toBeNull();
    expect(decode(reply(']\x94U\x01xq\x01ah\x01a.'))).toEqual(['x', 'x']);
    expect(decode(reply(']U\x01xr', u32(0), 'aj', u32(0), 'a.'))).toEqual(['x', 'x']);
  });

  it('keeps a dict key like __proto__ as data', () => {
    const value = decode(reply('}U\x09__proto__K\x01s.'));
    expect(Object.getPrototypeOf(value)).toBeNull();
    expect(Object.entries(value as object)).toEqual([['__proto__', 1]]);
  });

  it('turns builtins.str of one argument into that argument, and nothing else', () => {
    expect(decode(reply('\x8c\x08builtins\x8c\x03str\x93U\x01x\x85R.'))).toBe('x');
    expect(decode(reply('c__builtin__\nunicode\nU\x01x\x85R.'))).toBe('x');
    for (const name of ['posix\nsystem', 'builtins\neval', 'os\nstr']) {
      const value = decode(reply(`c${name}\nU\x02id\x85R.`));
      expect(value).toBeInstanceOf(PyObject);
      expect(value).toMatchObject({ className: name.replace('\n', '.'), args: ['id'] });
    }
    expect(decode(reply('cos\nsystem\n.'))).toBeInstanceOf(PyGlobal);
    expect(decode(reply('cm\nC\n)\x81}U\x01aK\x01sb.'))).toMatchObject({ className: 'm.C', args: [], state: { a: 1 } });
    expect(decode(reply('cm\nC\n)RK\x01aU\x01kK\x02s.'))).toMatchObject({ items: [1, ['k', 2]] });
  });

  it('writes any of it as JSON', () => {
    expect(stringifyReply(decode(reply('cm\nC\nC\x01\x00\x8a\x09\0\0\0\0\0\0\0\0\x01\x86R.')))).toBe(
      '{"$class":"m.C","args":[{"$bytes":"AA=="},18446744073709551616]}',
    );
    expect(stringifyReply(decode(reply('cm\nC\n.')))).toBe('{"$class":"m.C"}');
    expect(stringifyReply(null)).toBe('null');
  });

  it.each([
    ['unknown opcodes', reply('I1\n.')],
    ['persistent ids', reply('Ux\n.')],
    ['extension codes', reply('\x82\x01.')],
    ['a protocol of the future', reply('\x80\x06N.')],
    ['an empty pickle', reply('.')],
    ['values left over', reply('NN.')],
    ['a mark left over', reply('(N.')],
    ['a pop through a mark', reply('N(0N.')],
    ['an append to a number', reply('K\x01Na.')],
    ['an item on a list', reply(']NNs.')],
    ['a key without a value', reply('}(Nu.')],
    ['a list as a key', reply('}]Ns.')],
    ['a call of a text', reply('U\x01x)R.')],
    ['a call with a number', reply('cm\nC\nK\x01R.')],
    ['state for a list', reply(']Nb.')],
    ['a global with a number for a name', reply('U\x01mK\x01\x93.')],
    ['a memo entry that is not there', reply('h\x00.')],
    ['a memo index far away', reply(`Nr\xff\xff\xff\xff.`)],
    ['bytes that are not UTF-8', reply('U\x01\xff.')],
    ['half a surrogate', reply('U\x02\xed\xa0.')],
    ['a list within itself', reply(']\x94h\x00a.')],
    ['a dict within itself', reply('}\x94U\x01ah\x00s.')],
    ['two lists within each other', reply(']\x94]\x94h\x00ah\x01a0h\x00h\x01a.')],
    ['an object within its state', reply('cm\nC\n)R\x94h\x00b.')],
    ['something else than the marker', Buffer.concat([Buffer.from('N.'), Buffer.from('<F2B_END_COMMANX>')])],
    ['bytes behind the marker', Buffer.concat([reply('N.'), Buffer.of(0)])],
    ['nothing', Buffer.alloc(0)],
  ])('refuses %s', (_what, bytes) => {
    refused(bytes);
  });

  it('refuses every truncation', () => {
    const bytes = reply(
      '\x80\x05\x95',
      Buffer.alloc(8),
      'K\x00]\x94(\x8c\x01a\x94X',
      u32(1),
      'bG',
      Buffer.alloc(8),
      'e\x86.',
    );
    expect(decode(bytes)).toEqual([0, ['a', 'b', 0]]);
    for (let length = 0; length < bytes.length; length++) refused(bytes.subarray(0, length));
  });

  it('refuses what announces more than it may bring, before any of it comes', () => {
    for (const bomb of [
      'X\xff\xff\xff\xff',
      'B\xff\xff\xff\xff',
      '\x8d\xff\xff\xff\xff\0\0\0\0',
      '\x96\0\0\0\0\x01\0\0\0',
    ]) {
      const reader = new ReplyReader();
      reader.push(Buffer.from(`\x80\x05${bomb}`, 'latin1'));
      expect(() => reader.run(Infinity)).toThrow(MalformedReplyError);
    }
  });

  it('refuses what exceeds each limit', () => {
    const many = (text: string, count: number): Buffer => Buffer.from(text.repeat(count), 'latin1');
    refused(reply('U\x09', many('a', 9), '.'), { maxReplyBytes: 8 });
    refused(reply(many('N', 101), '.'), { maxStack: 100 });
    refused(reply(many('(', 101), '.'), { maxStack: 100 });
    refused(reply('N', many('\x94', 101), '.'), { maxMemo: 100 });
    refused(reply(']', many('Na', 101), '.'), { maxElements: 100 });
    refused(reply(']', many(']a', 101), '.'), { maxContainers: 100 });
    refused(reply('N', many('\x85', 101), '.'), { maxDepth: 100 });
    refused(reply(many(']', 101), many('a', 100), '.'), { maxDepth: 100 });
    expect(decode(reply(many(']', 100), many('a', 99), '.'), { maxDepth: 100 })).toHaveLength(1);
  });

  it('refuses small replies that unfold into large ones', () => {
    // Each list holds the one before twice: 2^40 values in 300 bytes.
    const laughs = Array.from({ length: 40 }, (_, i) => `]\x94h${String.fromCharCode(i)}ah${String.fromCharCode(i)}a`);
    refused(reply(`]\x940${laughs.join('0')}.`));
    const text = 'x'.repeat(255);
    refused(reply(`]U\xff${text}\x94a(`, 'h\x00'.repeat(5_000), 'e.'), { maxReplyBytes: 100_000 });
  });

  it('decodes without recursion, however deep the nesting', () => {
    const deep = reply('N', '\x85'.repeat(300_000), '.');
    expect(() => decode(deep, { maxDepth: 1_000_000 })).not.toThrow();
    refused(deep);
  });
});
