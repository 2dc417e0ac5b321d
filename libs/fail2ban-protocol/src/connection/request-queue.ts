/** `control` before `interactive` before `bulk`. Within one, first come first served. */
export type RequestPriority = 'control' | 'interactive' | 'bulk';

const ORDER: readonly RequestPriority[] = ['control', 'interactive', 'bulk'];
const COMPACT_AT = 1024;

/** Waiting requests, the most urgent first. */
export class RequestQueue<T> {
  private readonly lanes: Record<RequestPriority, Lane<T>> = {
    control: new Lane<T>(),
    interactive: new Lane<T>(),
    bulk: new Lane<T>(),
  };

  add(item: T, priority: RequestPriority): void {
    this.lanes[priority].add(item);
  }

  /** Removes and returns the most urgent. */
  next(): T | undefined {
    for (const priority of ORDER) {
      const item = this.lanes[priority].next();
      if (item !== undefined) return item;
    }
    return undefined;
  }

  remove(item: T, priority: RequestPriority): void {
    this.lanes[priority].remove(item);
  }

  get isEmpty(): boolean {
    return ORDER.every((priority) => this.lanes[priority].size === 0);
  }

  /** Removes and returns everything. */
  drain(): T[] {
    const items: T[] = [];
    for (let item = this.next(); item !== undefined; item = this.next()) items.push(item);
    return items;
  }
}

/** First in, first out, without moving what waits for each that leaves. */
class Lane<T> {
  private items: T[] = [];
  private head = 0;

  get size(): number {
    return this.items.length - this.head;
  }

  add(item: T): void {
    this.items.push(item);
  }

  next(): T | undefined {
    const item = this.items[this.head];
    if (item === undefined) return undefined;
    this.head++;
    if (this.head === this.items.length || this.head >= COMPACT_AT) {
      this.items = this.items.slice(this.head);
      this.head = 0;
    }
    return item;
  }

  remove(item: T): void {
    const at = this.items.indexOf(item, this.head);
    if (at >= 0) this.items.splice(at, 1);
  }
}
