import { describe, expect, it } from '@jest/globals';
import { Remembered } from './remembered.js';

describe(Remembered.name, () => {
  it('forgets after its time and beyond its size', () => {
    const memory = new Remembered<number>(10, 2);
    memory.set('a', 1, 0, memory.generation);
    expect([memory.get('a', 9), memory.get('a', 10)]).toEqual([1, undefined]);
    for (const key of ['b', 'c', 'd']) memory.set(key, 1, 0, memory.generation);
    expect([memory.get('b', 0), memory.get('c', 0), memory.get('d', 0)]).toEqual([undefined, 1, 1]);
  });

  it('does not keep an answer that was asked for before everything was forgotten', () => {
    const memory = new Remembered<number>(10);
    const { generation } = memory;
    memory.clear();
    memory.set('a', 1, 0, generation);
    expect(memory.get('a', 0)).toBeUndefined();
  });
});
