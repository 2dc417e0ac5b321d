import type { LiveMessage } from '@bailiff/contracts/http';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { LogLines } from '../core/log-lines.js';
import { LiveClient, MAX_BUFFERED_BYTES_FOR_SPARE } from './live-client.js';
import { FLUSH_MS, LiveConsole, MAX_LINES } from './live-console.js';

type Shown = Extract<LiveMessage, { type: 'console_log' }>;

/** A browser's end: keeps what it is sent. */
class Reader {
  readonly shown: Shown[] = [];
  bufferedAmount = 0;
  onSend: () => void = () => undefined;

  send(text: string): void {
    const message = JSON.parse(text) as LiveMessage;
    if (message.type === 'console_log') this.shown.push(message);
    this.onSend();
  }

  get texts(): string[] {
    return this.shown.flatMap(({ lines }) => lines.map(({ message }) => message));
  }
}

describe(LiveConsole, () => {
  let log: LogLines;
  let console: LiveConsole;
  beforeEach(() => {
    jest.useFakeTimers();
    log = new LogLines();
    console = new LiveConsole(log);
  });
  afterEach(() => {
    console.onApplicationShutdown();
    jest.useRealTimers();
  });

  const say = (msg: string) => log.write(`${JSON.stringify({ level: 30, time: 1_700_000_000_000, msg })}\n`);
  const listener = (): [Reader, LiveClient] => {
    const reader = new Reader();
    const client = new LiveClient(reader);
    client.finishCatchUp([], 0);
    console.add(client);
    return [reader, client];
  };

  it('sends lines a moment later, together, to everybody who may hear them', () => {
    const [one] = listener();
    const [two] = listener();
    for (const text of ['a', 'b']) say(text);
    expect(one.shown).toEqual([]);
    jest.advanceTimersByTime(FLUSH_MS);
    expect(one.shown).toHaveLength(1);
    expect(one.texts).toEqual(['a', 'b']);
    expect(two.texts).toEqual(['a', 'b']);
  });

  it('does nothing while nobody listens, and keeps nothing for later', () => {
    say('before');
    expect(jest.getTimerCount()).toBe(0);
    const [reader, client] = listener();
    say('heard');
    console.remove(client);
    say('after');
    expect(jest.getTimerCount()).toBe(0);
    console.add(client);
    say('again');
    jest.advanceTimersByTime(FLUSH_MS);
    expect(reader.texts).toEqual(['again']);
  });

  it('holds a flood to the newest lines and tells how many it lost', () => {
    const [reader] = listener();
    for (let n = 1; n <= 20_000; n += 1) say(`line ${n}`);
    jest.advanceTimersByTime(FLUSH_MS);
    expect(reader.shown).toHaveLength(1);
    expect(reader.shown[0]?.dropped).toBe(20_000 - MAX_LINES);
    expect(reader.texts).toHaveLength(MAX_LINES);
    expect(reader.texts.at(-1)).toBe('line 20000');
  });

  it('lets a slow reader miss lines, tells it how many, and nobody else', () => {
    const [slow] = listener();
    const [quick] = listener();
    slow.bufferedAmount = MAX_BUFFERED_BYTES_FOR_SPARE + 1;
    for (const text of ['a', 'b', 'c']) say(text);
    jest.advanceTimersByTime(FLUSH_MS);
    slow.bufferedAmount = 0;
    say('d');
    jest.advanceTimersByTime(FLUSH_MS);
    expect(slow.shown.map(({ dropped }) => dropped)).toEqual([3]);
    expect(slow.texts).toEqual(['d']);
    expect(quick.shown.map(({ dropped }) => dropped)).toEqual([0, 0]);
  });

  it('waits for the catch-up, which comes first', () => {
    const reader = new Reader();
    const client = new LiveClient(reader);
    console.add(client);
    say('early');
    jest.advanceTimersByTime(FLUSH_MS);
    client.finishCatchUp([], 0);
    say('late');
    jest.advanceTimersByTime(FLUSH_MS);
    expect(reader.shown).toMatchObject([{ dropped: 1, lines: [{ message: 'late' }] }]);
  });

  it('never sends what sending made somebody log, at once or later', async () => {
    jest.useRealTimers();
    const [reader] = listener();
    let later: Promise<void> = Promise.resolve();
    reader.onSend = () => {
      say('sent a line');
      later = Promise.resolve().then(() => say('sent a line a while ago'));
    };
    say('cause');
    console.flush();
    await later;
    console.flush();
    expect(reader.texts).toEqual(['cause']);
    say('next');
    console.flush();
    expect(reader.texts).toEqual(['cause', 'next']);
  });
});
