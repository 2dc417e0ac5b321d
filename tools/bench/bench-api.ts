import { createHash } from 'node:crypto';

import type { HostInfo, LiveMessage, SetupStatus } from '@bailiff/contracts/http';
import WebSocket from 'ws';

import { ToolError } from '../common/tool.error.ts';
import { poll } from '../common/wait.ts';

const passwordDigest = createHash('sha256').update('only for measuring').digest('hex');

/** The HTTP API and the live feed of a stack that was just started, as one signed-in browser uses them. */
export class BenchApi {
  readonly url: string;
  #cookie = '';

  private constructor(url: string) {
    this.url = url;
  }

  /** The session as a browser keeps it. */
  browserCookie(): { name: string; value: string; url: string } {
    const [name = '', value = ''] = this.#cookie.split('=', 2);
    return { name, value, url: this.url };
  }

  /** Goes through setup and signs in. */
  static async setUp(url: string, setupToken: string): Promise<BenchApi> {
    const api = new BenchApi(url);
    const headers = { 'X-Bailiff-Setup-Token': setupToken };
    const { proposal } = await api.request<SetupStatus>('GET', '/api/setup', undefined, headers);
    if (!proposal) throw new ToolError('tools/bench-setup', 'the gateway takes no setup');
    const { kind, location } = proposal.database;
    await api.request(
      'POST',
      '/api/setup',
      { passwordDigest, database: { kind, location }, preferences: proposal.preferences, useLocalHost: true },
      headers,
    );
    await api.request('POST', '/api/v1/session', { passwordDigest });
    return api;
  }

  /** One request; `text` instead of a body of JSON. @throws {ToolError} with the answer for any status from 400 up */
  async request<T>(
    method: string,
    path: string,
    body?: object,
    headers: Record<string, string> = {},
    text?: string,
  ): Promise<T> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        'X-Bailiff-Request': '1',
        Origin: this.url,
        Cookie: this.#cookie,
        ...(body ? { 'Content-Type': 'application/json' } : {}),
        ...headers,
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
      ...(text === undefined ? {} : { body: text }),
    });
    const answer = await response.text();
    if (!response.ok) throw new ToolError('tools/bench-api', `${method} ${path}: ${response.status} ${answer}`);
    for (const cookie of response.headers.getSetCookie()) this.#cookie = cookie.split(';')[0] ?? '';
    return (answer === '' ? undefined : JSON.parse(answer)) as T;
  }

  /** Waits until the one host is online and its fail2ban was reported. */
  async onlineHost(): Promise<HostInfo> {
    const host = await poll(
      async () =>
        (await this.request<HostInfo[]>('GET', '/api/v1/hosts')).find(
          ({ state, fail2ban }) => state === 'online' && fail2ban?.reachable === true,
        ),
      { withinMs: 60_000, everyMs: 200 },
    );
    if (!host) throw new ToolError('tools/bench-setup', 'the host of the bench does not come online');
    return host;
  }

  /** Opens the live feed and waits until it is ready. */
  async live(onMessage: (message: LiveMessage) => void): Promise<WebSocket> {
    const socket = new WebSocket(`${this.url.replace(/^http/, 'ws')}/api/live`, {
      headers: { Cookie: this.#cookie, Origin: this.url },
    });
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.on('message', (data: Buffer) => {
        const message = JSON.parse(data.toString('utf8')) as LiveMessage;
        if (message.type === 'ready') resolve();
        onMessage(message);
      });
    });
    return socket;
  }
}
