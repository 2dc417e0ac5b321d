import { MalformedReplyError } from '../errors/malformed-reply.error.js';
import type { ByteInput } from './byte-input.js';
import { Op } from './opcodes.js';
import { PyGlobal, type PyDict, type PyValue } from './py-value.js';
import { DEFAULT_REPLY_LIMITS, type ReplyLimits } from './reply-limits.js';
import { decodeText } from './text.js';
import { TreeCheck } from './tree-check.js';
import { ValueStack } from './value-stack.js';

/** `more`: bytes are missing; `paused`: the deadline passed; `done`: the value is there. */
export type ReadState = 'more' | 'paused' | 'done';

const CHECK_EVERY = 256;
const MAX_GLOBAL_LINE = 1024;

/**
 * Reads one pickle of the subset fail2ban sends, opcode by opcode to `STOP`. Works on whatever has arrived, stops
 * when its time is up, uses no recursion, and treats every class and function as a mere name.
 * @see https://docs.python.org/3/library/pickletools.html
 */
export class PickleReader {
  private readonly stack: ValueStack;
  private check: TreeCheck | undefined;
  private result: { value: PyValue; isTuple: boolean } | undefined;

  constructor(
    private readonly input: ByteInput,
    private readonly limits: ReplyLimits = DEFAULT_REPLY_LIMITS,
  ) {
    this.stack = new ValueStack(limits);
  }

  /** The decoded value. @throws {MalformedReplyError} before `run` answered `done` */
  get value(): PyValue {
    if (this.result === undefined) throw new MalformedReplyError('not complete');
    return this.result.value;
  }

  /** Whether the outermost value is a tuple: fail2ban's reply envelope is, other lists are not. */
  get isTuple(): boolean {
    return this.result?.isTuple ?? false;
  }

  /**
   * Reads on until done, out of bytes, or `deadline` (milliseconds of `performance.now`) has passed.
   * @throws {MalformedReplyError} for anything that is not such a pickle or is beyond the limits
   */
  run(deadline: number): ReadState {
    for (let count = 1; this.result === undefined; count++) {
      if (count % CHECK_EVERY === 0 && performance.now() > deadline) return 'paused';
      if (!this.step()) return 'more';
    }
    if (this.check?.run(deadline) === false) return 'paused';
    this.check = undefined;
    return 'done';
  }

  /** Executes the next opcode; false when its bytes have not all arrived, and then nothing has changed. */
  private step(): boolean {
    const { input, stack } = this;
    if (!input.has(1)) return false;
    switch (input.buffer[input.position]) {
      case Op.BinGet:
        if (!input.has(2)) return false;
        stack.memoGet(input.buffer[input.position + 1] ?? 0);
        return this.skip(2);
      case Op.LongBinGet:
        if (!input.has(5)) return false;
        stack.memoGet(input.buffer.readUInt32LE(input.position + 1));
        return this.skip(5);
      case Op.ShortBinUnicode:
        return this.text(1);
      case Op.Memoize:
        stack.memoize();
        return this.skip(1);
      case Op.Tuple1:
        stack.pushTuple([stack.pop()]);
        return this.skip(1);
      case Op.Reduce:
        stack.reduce();
        return this.skip(1);
      case Op.Stop:
        this.result = stack.finish();
        if (stack.needsCheck) this.check = new TreeCheck(this.result.value, this.limits);
        return this.skip(1);
      default:
        return argumentBytes[input.buffer[input.position] ?? 0] === undefined ? this.structure() : this.sized();
    }
  }

  /** Opcodes with an argument. False when bytes are missing. */
  private sized(): boolean {
    const { input, stack } = this;
    const width = argumentBytes[input.buffer[input.position] ?? 0];
    if (width === undefined || !input.has(1 + width)) return false;
    const at = input.position + 1;
    const { buffer } = input;
    switch (buffer[input.position]) {
      case Op.Proto:
        if ((buffer[at] ?? 0) > 5) throw new MalformedReplyError('unknown pickle protocol');
        break;
      case Op.Frame:
        break; // a hint about blocks only
      case Op.BinInt1:
        stack.push(buffer[at] ?? 0);
        break;
      case Op.BinInt2:
        stack.push(buffer.readUInt16LE(at));
        break;
      case Op.BinInt:
        stack.push(buffer.readInt32LE(at));
        break;
      case Op.BinFloat:
        stack.push(buffer.readDoubleBE(at));
        break;
      case Op.BinPut:
        stack.memoPut(buffer[at] ?? 0);
        break;
      case Op.LongBinPut:
        stack.memoPut(buffer.readUInt32LE(at));
        break;
      case Op.Long1:
        return this.long();
      case Op.BinUnicode:
      case Op.BinUnicode8:
      case Op.ShortBinString:
        return this.text(width);
      case Op.ShortBinBytes:
      case Op.BinBytes:
      case Op.ByteArray8:
        return this.bytes(width);
      default:
        throw new MalformedReplyError('unknown opcode');
    }
    return this.skip(1 + width);
  }

  /** Opcodes without an argument, and the textual global. False when bytes are missing. */
  private structure(): boolean {
    const { stack } = this;
    switch (this.input.buffer[this.input.position]) {
      case Op.None:
        stack.push(null);
        break;
      case Op.NewTrue:
        stack.push(true);
        break;
      case Op.NewFalse:
        stack.push(false);
        break;
      case Op.Mark:
        stack.mark();
        break;
      case Op.Pop:
        stack.pop();
        break;
      case Op.EmptyList:
      case Op.EmptySet:
        stack.pushContainer([]);
        break;
      case Op.EmptyTuple:
        stack.pushTuple([]);
        break;
      case Op.EmptyDict:
        stack.pushContainer(Object.create(null) as PyDict);
        break;
      case Op.Append:
        stack.appendAll(stack.popMany(1));
        break;
      case Op.Appends:
      case Op.AddItems:
        stack.appendAll(stack.popToMark());
        break;
      case Op.SetItem:
        stack.setAll(stack.popMany(2));
        break;
      case Op.SetItems:
        stack.setAll(stack.popToMark());
        break;
      case Op.Tuple2:
        stack.pushTuple(stack.popMany(2));
        break;
      case Op.Tuple3:
        stack.pushTuple(stack.popMany(3));
        break;
      case Op.Tuple:
        stack.pushTuple(stack.popToMark());
        break;
      case Op.FrozenSet:
        stack.pushContainer(stack.popToMark());
        break;
      case Op.StackGlobal: {
        const name = stack.popText();
        stack.push(new PyGlobal(stack.popText(), name));
        break;
      }
      case Op.NewObj:
        stack.reduce();
        break;
      case Op.Build:
        stack.build();
        break;
      case Op.Global:
        return this.global();
      default:
        throw new MalformedReplyError('unknown opcode');
    }
    return this.skip(1);
  }

  private skip(count: number): true {
    this.input.position += count;
    return true;
  }

  /** Length of the data behind a length field of `width` bytes; undefined when it has not all arrived. */
  private length(width: number): number | undefined {
    const { input } = this;
    if (!input.has(1 + width)) return undefined;
    const at = input.position + 1;
    if (width === 8 && input.buffer.readUInt32LE(at + 4) !== 0)
      throw new MalformedReplyError('announces too many bytes');
    const length = width === 1 ? (input.buffer[at] ?? 0) : input.buffer.readUInt32LE(at);
    return input.has(1 + width + length) ? length : undefined;
  }

  private text(width: number): boolean {
    const length = this.length(width);
    if (length === undefined) return false;
    const start = this.input.position + 1 + width;
    this.stack.push(decodeText(this.input.buffer, start, start + length));
    return this.skip(1 + width + length);
  }

  private bytes(width: number): boolean {
    const length = this.length(width);
    if (length === undefined) return false;
    const start = this.input.position + 1 + width;
    this.stack.push(Uint8Array.from(this.input.buffer.subarray(start, start + length)));
    return this.skip(1 + width + length);
  }

  private long(): boolean {
    const length = this.length(1);
    if (length === undefined) return false;
    let value = 0n;
    for (let i = length; i > 0; i--)
      value = (value << 8n) | BigInt(this.input.buffer[this.input.position + 1 + i] ?? 0);
    value = BigInt.asIntN(length * 8, value);
    const number = Number(value);
    this.stack.push(Number.isSafeInteger(number) ? number : value);
    return this.skip(2 + length);
  }

  private global(): boolean {
    const { input } = this;
    const from = input.position + 1;
    const first = input.buffer.indexOf(0x0a, from);
    const second = first < 0 ? -1 : input.buffer.indexOf(0x0a, first + 1);
    if (second < 0 || second - from > MAX_GLOBAL_LINE) {
      if (input.buffer.length - from > MAX_GLOBAL_LINE) throw new MalformedReplyError('endless global');
      return input.has(input.buffer.length - input.position + 1) && this.global();
    }
    this.stack.push(new PyGlobal(decodeText(input.buffer, from, first), decodeText(input.buffer, first + 1, second)));
    return this.skip(second + 1 - input.position);
  }
}

/** Bytes that follow an opcode before its data, if any. */
const argumentBytes: (number | undefined)[] = [];
argumentBytes[Op.Proto] = 1;
argumentBytes[Op.Frame] = 8;
argumentBytes[Op.BinInt1] = 1;
argumentBytes[Op.BinInt2] = 2;
argumentBytes[Op.BinInt] = 4;
argumentBytes[Op.BinFloat] = 8;
argumentBytes[Op.BinPut] = 1;
argumentBytes[Op.LongBinPut] = 4;
argumentBytes[Op.Long1] = 1;
argumentBytes[Op.BinUnicode] = 4;
argumentBytes[Op.BinUnicode8] = 8;
argumentBytes[Op.ShortBinString] = 1;
argumentBytes[Op.ShortBinBytes] = 1;
argumentBytes[Op.BinBytes] = 4;
argumentBytes[Op.ByteArray8] = 8;
