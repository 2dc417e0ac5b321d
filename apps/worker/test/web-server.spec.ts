import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A real HTTP server whose answers a test decides. */
export class WebServer implements AsyncDisposable {
  /** Requests heard. */
  readonly seen: IncomingMessage[] = [];
  answer: RequestListener = (_request, response) => response.writeHead(404).end();

  private constructor(private readonly server: Server) {
    server.on('request', (request: IncomingMessage, response) => {
      this.seen.push(request);
      this.answer(request, response);
    });
  }

  static async start(): Promise<WebServer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new WebServer(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  /** Answers every request with this from now on. */
  says(status: number, body: unknown, headers: Record<string, string> = {}): void {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    this.answer = (_request, response) => response.writeHead(status, headers).end(text);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }
}
