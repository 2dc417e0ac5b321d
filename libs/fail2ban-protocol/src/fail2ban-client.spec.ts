import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually, tempDir, type TempDir } from '@bailiff/testing';
import { rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { END_MARKER } from './codec/reply-reader.js';
import { Fail2banClient } from './fail2ban-client.js';

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');
const PONG = Buffer.concat([bytes('\x80\x05K\x00\x8c\x04pong\x86.'), END_MARKER]);

/** An attacker in fail2ban's place: answers requests with whatever a test wants. */
class Impostor {
  readonly sockets = new Set<Socket>();
  readonly requests: string[] = [];
  connections = 0;
  /** What to do with a request; answers a ping properly unless told. */
  answer: (socket: Socket, request: string) => void = (socket) => socket.write(PONG);
  private readonly server: Server;

  constructor(readonly path: string) {
    this.server = createServer((socket) => {
      this.connections++;
      this.sockets.add(socket);
      let text = '';
      socket.on('data', (chunk) => {
        text += chunk.toString('latin1');
        for (let end = text.indexOf('<F2B_END_COMMAND>'); end >= 0; end = text.indexOf('<F2B_END_COMMAND>')) {
          const request = text.slice(0, end);
          text = text.slice(end + END_MARKER.length);
          this.requests.push(request);
          if (!request.includes('<F2B_CLOSE_COMMAND>')) this.answer(socket, request);
        }
      });
      socket.on('error', () => socket.destroy());
      socket.on('close', () => this.sockets.delete(socket));
    });
  }

  listen(): Promise<void> {
    return new Promise((resolve) => this.server.listen(this.path, resolve));
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
    await rm(this.path, { force: true });
  }
}

/** Processor time of this thread, milliseconds: other processes share the cores, so the wall clock proves nothing. */
function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

/** Runs `work` and returns the longest turn of the event loop meanwhile, milliseconds of processor time. */
async function longestTurn(work: () => Promise<unknown>): Promise<number> {
  let longest = 0;
  let last = cpuMs();
  let running = true;
  const watch = (): void => {
    longest = Math.max(longest, cpuMs() - last);
    last = cpuMs();
    if (running) setImmediate(watch);
  };
  setImmediate(watch);
  await work();
  running = false;
  return longest;
}

describe(Fail2banClient.name, () => {
  let dir: TempDir;
  let impostor: Impostor;
  let client: Fail2banClient;

  beforeEach(async () => {
    dir = await tempDir('f2b-');
    impostor = new Impostor(join(dir.path, 's'));
    await impostor.listen();
    client = new Fail2banClient({
      socketPath: impostor.path,
      timeouts: { probe: 1_000, read: 1_000 },
      connectPatienceMs: 300,
    });
  });
  afterEach(async () => {
    await client.close();
    await impostor.close();
    await dir[Symbol.asyncDispose]();
  });

  /** Whatever happened before, the client still works. */
  async function isUsable(): Promise<void> {
    impostor.answer = (socket) => socket.write(PONG);
    await client.server.ping({ timeoutMs: 5_000 });
  }

  describe('hostile replies', () => {
    it.each([
      ['an unknown opcode', Buffer.concat([bytes('\x80\x05I1\n.'), END_MARKER])],
      ['a global called', Buffer.concat([bytes('\x80\x05K\x00cposix\nsystem\nU\x02id\x85R\x86X.'), END_MARKER])],
      ['a length bomb', bytes('\x80\x05X\xff\xff\xff\xff')],
      ['a reply in itself', Buffer.concat([bytes('\x80\x05K\x00]\x94h\x00a\x86.'), END_MARKER])],
      ['nesting without end', Buffer.concat([bytes(`\x80\x05N${'\x85'.repeat(10_000)}.`), END_MARKER])],
      ['no marker', bytes('\x80\x05K\x00N\x86.<F2B_END_COMMANX>')],
      ['a second reply', Buffer.concat([PONG, PONG])],
      ['an envelope with another code', Buffer.concat([bytes('\x80\x05K\x02N\x86.'), END_MARKER])],
      ['a list for an envelope', Buffer.concat([bytes('\x80\x05](K\x00Ne.'), END_MARKER])],
      ['an error that is no exception', Buffer.concat([bytes('\x80\x05K\x01N\x86.'), END_MARKER])],
      ['a value of the wrong type', Buffer.concat([bytes('\x80\x05K\x00K\x07\x86.'), END_MARKER])],
    ])('refuses %s and goes on', async (_what, reply) => {
      impostor.answer = (socket) => socket.write(reply);
      await expect(client.server.ping()).rejects.toMatchObject({
        code: 'fail2ban/malformed-reply',
        kind: 'operational',
      });
      await isUsable();
    });

    it('takes a class in an answer for data', async () => {
      impostor.answer = (socket) =>
        socket.write(Buffer.concat([bytes('\x80\x05K\x00cposix\nsystem\nU\x02id\x85R\x86.'), END_MARKER]));
      expect(await client.request(['echo'])).toMatchObject({ className: 'posix.system', args: ['id'] });
    });

    it('gives up on a truncated reply, a slow drip and an endless one within the time-out', async () => {
      impostor.answer = (socket) => socket.write(PONG.subarray(0, PONG.length - 1));
      await expect(client.server.ping()).rejects.toMatchObject({ code: 'fail2ban/reply-timeout', timeoutMs: 1_000 });
      let drip: NodeJS.Timeout | undefined;
      impostor.answer = (socket) => {
        socket.write(bytes('\x80\x05]'));
        drip = setInterval(() => socket.write('Na'), 1);
      };
      await expect(client.server.ping()).rejects.toMatchObject({ code: 'fail2ban/reply-timeout' });
      clearInterval(drip);
      await isUsable();
    });

    it('refuses an endless flood within bounded memory', async () => {
      const chunk = bytes('\x8c\x0aabcdefghij0'.repeat(5_000));
      const flood = (socket: Socket): void => {
        const more = (): void => {
          while (!socket.destroyed && socket.write(chunk));
        };
        socket.on('drain', more);
        more();
      };
      impostor.answer = (socket) => {
        socket.write(bytes('\x80\x05'));
        flood(socket);
      };
      const before = process.memoryUsage().rss;
      await expect(client.request(['echo'], { timeoutMs: 20_000 })).rejects.toMatchObject({
        code: 'fail2ban/malformed-reply',
      });
      expect(process.memoryUsage().rss - before).toBeLessThan(300 * 1024 * 1024);
      await isUsable();
    });

    it('refuses one text of 100 MB', async () => {
      impostor.answer = (socket) => {
        const length = Buffer.alloc(4);
        length.writeUInt32LE(100 * 1024 * 1024);
        socket.write(Buffer.concat([bytes('\x80\x05X'), length]));
        socket.write(Buffer.alloc(1024 * 1024));
      };
      await expect(client.server.ping()).rejects.toMatchObject({ code: 'fail2ban/malformed-reply' });
      await isUsable();
    });

    it('drops a connection on which something comes unasked', async () => {
      await client.server.ping();
      for (const socket of impostor.sockets) socket.write(PONG);
      await eventually(() => expect(client.isConnected).toBe(false));
      await isUsable();
    });

    it('says that the server is shutting down', async () => {
      impostor.answer = (socket) => socket.write(Buffer.concat([bytes('\x80\x05]U\x08SHUTDOWNa.'), END_MARKER]));
      await expect(client.server.ping()).rejects.toMatchObject({ code: 'fail2ban/shutting-down' });
      await isUsable();
    });

    it('does not take a late reply for the answer to the next command', async () => {
      let late: (() => void) | undefined;
      impostor.answer = (socket) => {
        late = () => socket.write(Buffer.concat([bytes('\x80\x05K\x00\x8c\x04late\x86.'), END_MARKER]));
      };
      await expect(client.request(['echo'], { timeoutMs: 50 })).rejects.toMatchObject({
        code: 'fail2ban/reply-timeout',
      });
      late?.();
      impostor.answer = (socket) => socket.write(PONG);
      expect(await client.request(['ping'])).toBe('pong');
      expect(impostor.connections).toBe(2);
    });

    it('decodes a large reply in slices', async () => {
      const items = Array.from({ length: 50_000 }, (_, i) => `h\x00\x8c\x09192.0.2.${i % 10}\x85\x94R\x94`).join('');
      const reply = Buffer.concat([
        bytes(`\x80\x05K\x00\x8c\x08builtins\x8c\x03str\x93\x940](${items}e\x86.`),
        END_MARKER,
      ]);
      impostor.answer = (socket) => socket.write(reply);
      const bans = (): Promise<string[]> => client.jail('demo').bans.list();
      await bans(); // compiled code is what the promise is about
      const turns: number[] = [];
      for (let run = 0; run < 5; run++) turns.push(await longestTurn(bans));
      expect(await bans()).toHaveLength(50_000);
      // The best of five: a garbage collection may fall into any turn.
      expect(Math.min(...turns)).toBeLessThan(20);
    });
  });

  describe('one connection', () => {
    it('serves 200 requests at once, in order, without an error', async () => {
      impostor.answer = (socket, request) => {
        const word = /[a-z]\d+/.exec(request)?.[0] ?? '';
        socket.write(
          Buffer.concat([bytes(`\x80\x05K\x00\x8c${String.fromCharCode(word.length)}${word}\x86.`), END_MARKER]),
        );
      };
      const words = Array.from({ length: 200 }, (_, i) => `w${i}`);
      const replies = await Promise.all(words.map((word) => client.request(['echo', word], { timeoutMs: 10_000 })));
      expect(replies).toEqual(words);
      expect(impostor.connections).toBe(1);
    });

    it('lets urgent commands overtake, bulk ones come last', async () => {
      const order: string[] = [];
      const send = (word: string, priority: 'control' | 'interactive' | 'bulk'): Promise<void> =>
        client.request(['echo', word], { priority }).then(() => void order.push(word));
      await Promise.all([
        send('first', 'bulk'),
        send('bulk', 'bulk'),
        send('read', 'interactive'),
        send('ping', 'control'),
        send('read too', 'interactive'),
      ]);
      expect(order).toEqual(['ping', 'read', 'read too', 'first', 'bulk']);
    });

    it('tells waiting from asked: only what was sent has an unknown outcome', async () => {
      impostor.answer = () => undefined;
      const sent = client.request(['set', 'a'], { timeoutMs: 200 });
      const waiting = client.request(['set', 'b'], { timeoutMs: 100 });
      await expect(waiting).rejects.toMatchObject({ code: 'fail2ban/busy' });
      await expect(sent).rejects.toMatchObject({ code: 'fail2ban/reply-timeout' });
      expect(impostor.requests).toHaveLength(1);
      await isUsable();
    });

    it('gives up what is aborted, waiting or sent, and stays in step', async () => {
      let reply: (() => void) | undefined;
      impostor.answer = (socket) => {
        reply = () => socket.write(Buffer.concat([bytes('\x80\x05K\x00\x8c\x03old\x86.'), END_MARKER]));
      };
      const stop = new AbortController();
      const sent = client.request(['echo', 'x'], { signal: stop.signal });
      const waiting = client.request(['echo', 'y'], { signal: stop.signal });
      await eventually(() => expect(reply).toBeDefined());
      stop.abort();
      await expect(sent).rejects.toMatchObject({ name: 'AbortError' });
      await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
      await expect(client.request(['echo'], { signal: stop.signal })).rejects.toMatchObject({ name: 'AbortError' });
      impostor.answer = (socket) => socket.write(PONG);
      const next = client.request(['ping']);
      reply?.();
      expect(await next).toBe('pong');
      expect(impostor.connections).toBe(1);
      expect(impostor.requests).toHaveLength(2);
    });

    it('notices a lost connection and opens another', async () => {
      await client.server.ping();
      for (const socket of impostor.sockets) socket.destroy();
      await eventually(() => expect(client.isConnected).toBe(false));
      await client.server.ping();
      impostor.answer = (socket) => socket.destroy();
      await expect(client.server.ping()).rejects.toMatchObject({ code: 'fail2ban/unreachable', isSent: true });
      await isUsable();
    });

    it('asks for the version again on a new connection only', async () => {
      impostor.answer = (socket) => socket.write(Buffer.concat([bytes('\x80\x05K\x00\x8c\x051.0.2\x86.'), END_MARKER]));
      await client.server.version();
      await client.server.version();
      expect(impostor.requests).toHaveLength(1);
      for (const socket of impostor.sockets) socket.destroy();
      await eventually(() => expect(client.isConnected).toBe(false));
      await client.server.version();
      expect(impostor.requests).toHaveLength(2);
    });

    it('waits a little for a server that comes back, and says when it does not', async () => {
      await impostor.close();
      await expect(client.server.ping()).rejects.toMatchObject({ code: 'fail2ban/unreachable', isSent: false });
      const patient = new Fail2banClient({ socketPath: impostor.path, connectPatienceMs: 10_000 });
      const ping = patient.server.ping({ timeoutMs: 10_000 });
      impostor = new Impostor(impostor.path);
      await impostor.listen();
      await ping;
      await patient.close();
    });

    it('fails what waits when it is closed, and says goodbye', async () => {
      await client.server.ping();
      impostor.answer = () => undefined;
      const sent = client.server.ping({ timeoutMs: 60_000 });
      const waiting = client.server.ping({ timeoutMs: 60_000 });
      await client.close();
      await expect(sent).rejects.toMatchObject({ code: 'fail2ban/unreachable', isSent: true });
      await expect(waiting).rejects.toMatchObject({ code: 'fail2ban/unreachable', isSent: false });
      await expect(client.server.ping()).rejects.toMatchObject({ code: 'fail2ban/unreachable' });
      const polite = new Fail2banClient({ socketPath: impostor.path });
      impostor.answer = (socket) => socket.write(PONG);
      await polite.server.ping();
      await polite.close();
      await eventually(() => expect(impostor.requests.at(-1)).toBe('<F2B_CLOSE_COMMAND>'));
    });
  });
});
