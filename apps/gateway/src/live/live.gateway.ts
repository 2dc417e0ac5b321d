import { LIVE_CLOSE } from '@bailiff/contracts/http';
import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { LiveAuthenticator, type LiveGrant, type LiveStanding } from './live-authenticator.js';
import { LiveCatchUp } from './live-catch-up.js';
import { frameOf, LiveClient } from './live-client.js';
import { LiveConsole } from './live-console.js';
import { LiveFeed } from './live-feed.js';

const PATH = '/api/live';
const HEARTBEAT_MS = 30_000;
/** A session that ended elsewhere (expiry, another replica) is noticed within this time. */
const RECHECK_MS = 5_000;
const MAX_CLIENTS = 1_000;
/** Longest wait for a client's half of the closing handshake. */
const CLOSE_GRACE_MS = 1_000;

interface Connection {
  readonly socket: WebSocket;
  readonly client: LiveClient;
  readonly grant: LiveGrant;
  /** Whether anything was heard since the last heartbeat. */
  isAlive: boolean;
}

/** `GET /api/live`: upgrades, checks, catches up and keeps the browsers' connections. */
@Injectable()
export class LiveGateway implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(LiveGateway.name);
  private readonly sockets = new WebSocketServer({ noServer: true, maxPayload: 4_096, clientTracking: false });
  private readonly connections = new Set<Connection>();
  private timers: NodeJS.Timeout[] = [];
  private server: Server | undefined;

  constructor(
    private readonly adapter: HttpAdapterHost,
    private readonly feed: LiveFeed,
    private readonly catchUp: LiveCatchUp,
    private readonly authenticator: LiveAuthenticator,
    private readonly console: LiveConsole,
  ) {}

  onApplicationBootstrap(): void {
    this.server = this.adapter.httpAdapter.getHttpServer() as Server;
    this.server.on('upgrade', this.onUpgrade);
    this.authenticator.onChange(() => void this.recheckSessions());
    this.timers = [
      setInterval(() => this.beat(), HEARTBEAT_MS),
      setInterval(() => void this.recheckSessions(), RECHECK_MS),
    ];
    for (const timer of this.timers) timer.unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    this.server?.off('upgrade', this.onUpgrade);
    this.console.flush();
    const closed = [...this.connections].map(({ socket }) => close(socket, LIVE_CLOSE.shuttingDown));
    await Promise.all(closed);
  }

  /** Closes what belongs to ended credentials, now instead of within {@link RECHECK_MS}. */
  private async recheckSessions(): Promise<void> {
    const connections = [...this.connections];
    await Promise.all(
      connections.map(async (connection) => {
        try {
          const standing = await connection.grant.recheck();
          if (standing !== 'ended') return this.listen(connection, standing);
        } catch (error) {
          // Not known is not ended: the database may be busy. Asked again soon.
          this.logger.warn({ err: error }, 'live session not checked');
          return;
        }
        await close(connection.socket, LIVE_CLOSE.sessionEnded);
      }),
    );
  }

  private readonly onUpgrade = (request: IncomingMessage, stream: Duplex, head: Buffer): void => {
    // Without a listener a reset during the handshake would end the process.
    stream.on('error', () => stream.destroy());
    const url = URL.parse(request.url ?? '', 'http://localhost');
    if (url?.pathname !== PATH) return refuse(stream, '404 Not Found');
    if (this.connections.size >= MAX_CLIENTS) return refuse(stream, '503 Service Unavailable');
    this.accept(request, stream, head, url.searchParams.get('since')).catch((error: unknown) => {
      this.logger.error({ err: error }, 'live connection failed');
      stream.destroy();
    });
  };

  private async accept(request: IncomingMessage, stream: Duplex, head: Buffer, since: string | null): Promise<void> {
    const grant = await this.authenticator.authenticate(request);
    const socket = await new Promise<WebSocket>((resolve) =>
      this.sockets.handleUpgrade(request, stream, head, resolve),
    );
    socket.on('error', () => socket.terminate());
    // A browser cannot read the status of a refused handshake, only the code of a closed socket.
    if (typeof grant === 'string') {
      const code = grant === 'unauthenticated' ? LIVE_CLOSE.sessionEnded : LIVE_CLOSE.forbiddenOrigin;
      await close(socket, code);
      return;
    }
    await this.serve(socket, grant, since);
  }

  private async serve(socket: WebSocket, grant: LiveGrant, since: string | null): Promise<void> {
    const client = new LiveClient({
      get bufferedAmount() {
        return socket.bufferedAmount;
      },
      send: (text, flushed) => socket.send(text, (error) => (error instanceof Error ? undefined : flushed())),
    });
    const connection: Connection = { socket, client, grant, isAlive: true };
    const forget = () => {
      this.connections.delete(connection);
      this.feed.remove(client);
      this.console.remove(client);
    };
    socket.on('close', forget);
    socket.on('pong', () => (connection.isAlive = true));
    socket.on('message', () => (connection.isAlive = true));
    this.connections.add(connection);
    this.feed.add(client);
    this.listen(connection, grant.standing);
    const position = since === null ? undefined : readPosition(since);
    const missed = await this.catchUp.read(position);
    const isLost = since !== null && position === undefined;
    client.finishCatchUp(isLost ? undefined : missed.messages?.map(frameOf), missed.head);
  }

  /** Lets administrators hear the log, and nobody else. */
  private listen(connection: Connection, standing: LiveStanding): void {
    if (standing === 'admin' && this.connections.has(connection)) this.console.add(connection.client);
    else this.console.remove(connection.client);
  }

  private beat(): void {
    const frame = frameOf({ type: 'heartbeat', at: new Date().toISOString() });
    for (const connection of this.connections) {
      if (!connection.isAlive) {
        connection.socket.terminate();
        continue;
      }
      connection.isAlive = false;
      connection.socket.ping();
      connection.client.deliver(frame);
    }
  }
}

function readPosition(text: string): number | undefined {
  const position = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
  return Number.isSafeInteger(position) ? position : undefined;
}

function refuse(stream: Duplex, status: string): void {
  stream.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

/** Closes politely, and hard when the other side does not answer. */
function close(socket: WebSocket, code: number): Promise<void> {
  if (socket.readyState === socket.CLOSED) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(() => socket.terminate(), CLOSE_GRACE_MS);
    socket.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
    socket.close(code);
  });
}
