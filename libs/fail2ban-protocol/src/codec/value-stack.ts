import { MalformedReplyError } from '../errors/malformed-reply.error.js';
import { PyGlobal, PyObject, type PyDict, type PyValue } from './py-value.js';
import type { ReplyLimits } from './reply-limits.js';

/** The pickle machine's memory: stack, marks and memo, each bounded. Never touches a global's meaning. */
export class ValueStack {
  private values: PyValue[] = [];
  private marks: number[] = [];
  /** Lowest index an operation may pop: just above the last mark. */
  private base = 0;
  private memo: PyValue[] = [];
  private containers = 0;
  private appended = 0;
  private sharedCharacters = 0;
  /** Whether a list, dict, tuple or object was fetched from the memo: only then can values contain each other. */
  private isShared = false;
  private lastTuple: PyValue | undefined;

  constructor(private readonly limits: ReplyLimits) {}

  /** Whether the finished value could be deep, cyclic or an unfolding bomb and needs a walk. */
  get needsCheck(): boolean {
    return this.isShared || this.containers > this.limits.maxDepth;
  }

  push(value: PyValue): void {
    if (this.values.length >= this.limits.maxStack) throw new MalformedReplyError('stack too high');
    this.values.push(value);
  }

  /** Pushes a list, dict, set or object. */
  pushContainer(value: PyValue): void {
    if (++this.containers > this.limits.maxContainers) throw new MalformedReplyError('too many containers');
    this.push(value);
  }

  pushTuple(values: PyValue[]): void {
    this.countElements(values.length);
    this.lastTuple = values;
    this.pushContainer(values);
  }

  pop(): PyValue {
    if (this.values.length <= this.base) throw new MalformedReplyError('stack underflow');
    return this.values.pop() as PyValue;
  }

  popText(): string {
    const value = this.pop();
    if (typeof value !== 'string') throw new MalformedReplyError('text expected');
    return value;
  }

  /** Pops `count` values, in the order they were pushed. */
  popMany(count: number): PyValue[] {
    if (this.values.length - count < this.base) throw new MalformedReplyError('stack underflow');
    return this.values.splice(-count, count);
  }

  mark(): void {
    if (this.marks.length >= this.limits.maxStack) throw new MalformedReplyError('too many marks');
    this.marks.push(this.base);
    this.base = this.values.length;
  }

  /** Pops everything above the last mark, and the mark. */
  popToMark(): PyValue[] {
    const previous = this.marks.pop();
    if (previous === undefined) throw new MalformedReplyError('mark expected');
    const items = this.values.splice(this.base);
    this.base = previous;
    return items;
  }

  memoize(): void {
    this.memoPut(this.memo.length);
  }

  memoPut(index: number): void {
    // Python 2 numbers from 1; anything sparser would let a reply reserve memory it does not fill.
    if (index > this.memo.length + 1 || index >= this.limits.maxMemo) throw new MalformedReplyError('memo index');
    this.memo[index] = this.top();
  }

  memoGet(index: number): void {
    const value = this.memo[index];
    if (value === undefined) throw new MalformedReplyError('memo index');
    if (typeof value === 'string') {
      this.sharedCharacters += value.length;
      if (this.sharedCharacters > this.limits.maxReplyBytes) throw new MalformedReplyError('repeats too much text');
    } else if (typeof value === 'object' && value !== null && !(value instanceof PyGlobal)) {
      this.isShared = true;
    }
    this.push(value);
  }

  appendAll(items: PyValue[]): void {
    this.countElements(items.length);
    const target = this.top();
    const list = Array.isArray(target) ? target : target instanceof PyObject ? (target.items ??= []) : undefined;
    if (list === undefined) throw new MalformedReplyError('append to something that is no list');
    for (const item of items) list.push(item);
  }

  setAll(items: PyValue[]): void {
    if (items.length % 2 !== 0) throw new MalformedReplyError('key without a value');
    this.countElements(items.length);
    const target = this.top();
    const dict = dictOf(target);
    for (let i = 0; i < items.length; i += 2) {
      const [key, value] = [items[i] as PyValue, items[i + 1] as PyValue];
      if (dict !== undefined) dict[keyText(key)] = value;
      else if (target instanceof PyObject) (target.items ??= []).push([key, value]);
      else throw new MalformedReplyError('item set on something that is no dict');
    }
  }

  /** Replaces callable and arguments by what they describe. */
  reduce(): void {
    const args = this.pop();
    const type = this.pop();
    if (!(type instanceof PyGlobal) || !Array.isArray(args)) throw new MalformedReplyError('call of something odd');
    const [only] = args;
    if (type.isText && args.length === 1 && only !== undefined) {
      // The argument tuple is gone again: a list of many addresses is not many containers. One that came from the
      // memo was never counted, so then nothing is taken back.
      if (!this.isShared) this.containers--;
      this.push(only);
      return;
    }
    this.pushContainer(new PyObject(type, args));
  }

  build(): void {
    const state = this.pop();
    const target = this.top();
    if (!(target instanceof PyObject)) throw new MalformedReplyError('state for something that is no object');
    target.state = state;
  }

  /** The finished value; nothing else may be left. */
  finish(): { value: PyValue; isTuple: boolean } {
    const value = this.pop();
    if (this.values.length > 0 || this.marks.length > 0) throw new MalformedReplyError('values left over');
    return { value, isTuple: value === this.lastTuple };
  }

  private top(): PyValue {
    if (this.values.length <= this.base) throw new MalformedReplyError('stack underflow');
    return this.values.at(-1) as PyValue;
  }

  private countElements(count: number): void {
    this.appended += count;
    if (this.appended > this.limits.maxElements) throw new MalformedReplyError('too many elements');
  }
}

function dictOf(value: PyValue): PyDict | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return value instanceof PyObject || value instanceof PyGlobal || value instanceof Uint8Array ? undefined : value;
}

/** Keys as `json.dumps` writes them. */
function keyText(key: PyValue): string {
  if (typeof key === 'string') return key;
  if (key === null || typeof key === 'boolean' || typeof key === 'number' || typeof key === 'bigint')
    return String(key);
  throw new MalformedReplyError('a dict key that is no plain value');
}
