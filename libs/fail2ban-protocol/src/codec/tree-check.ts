import { MalformedReplyError } from '../errors/malformed-reply.error.js';
import type { ReplyLimits } from './reply-limits.js';
import { PyGlobal, PyObject, type PyValue } from './py-value.js';

interface Frame {
  readonly children: readonly PyValue[];
  next: number;
}

const CHECK_EVERY = 4096;

/**
 * Walks a decoded value as a consumer would see it and refuses what is nested too deep, refers to itself or
 * unfolds beyond the limits by naming the same part again and again. Needs no recursion and can stop in between.
 */
export class TreeCheck {
  private readonly path: Frame[];
  private elements = 0;
  private characters = 0;

  constructor(
    root: PyValue,
    private readonly limits: ReplyLimits,
  ) {
    this.path = [{ children: [root], next: 0 }];
  }

  /**
   * Goes on until done (true) or until the clock passes `deadline` (milliseconds of `performance.now`).
   * @throws {MalformedReplyError} beyond the limits
   */
  run(deadline: number): boolean {
    for (let step = 1; ; step++) {
      if (step % CHECK_EVERY === 0 && performance.now() > deadline) return false;
      const top = this.path.at(-1);
      if (top === undefined) return true;
      const child = top.children[top.next++];
      if (child === undefined) {
        this.path.pop();
        continue;
      }
      this.visit(child);
    }
  }

  private visit(value: PyValue): void {
    if (++this.elements > this.limits.maxElements) throw new MalformedReplyError('too many elements');
    if (typeof value === 'string') {
      this.characters += value.length;
      if (this.characters > this.limits.maxReplyBytes) throw new MalformedReplyError('repeats too much text');
      return;
    }
    const children = childrenOf(value);
    if (children === undefined) return;
    // A value that contains itself is endlessly deep, so this limit finds it too.
    if (this.path.length > this.limits.maxDepth) throw new MalformedReplyError('nested too deep, or in itself');
    this.path.push({ children, next: 0 });
  }
}

function childrenOf(value: PyValue): readonly PyValue[] | undefined {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array || value instanceof PyGlobal)
    return undefined;
  if (Array.isArray(value)) return value;
  if (!(value instanceof PyObject)) return Object.values(value);
  const parts: PyValue[] = [value.args as PyValue[]];
  if (value.state !== undefined) parts.push(value.state);
  if (value.items !== undefined) parts.push(value.items);
  return parts;
}
