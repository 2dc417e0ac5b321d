import type { LookupFunction } from 'node:net';
import got, { type OptionsInit, type PlainResponse, type Request } from 'got';
import { guardedAgents } from './guarded-agents.js';
import { isLoopback, isPublicAddress } from './public-address.js';
import { webFailure } from './web-failure.js';
import { checkUrl, sameOrigin } from './web-url.js';
import { WebRequestError } from './web-request.error.js';

/** One request to a server of the internet. */
export interface WebRequest {
  readonly url: string;
  /** Default GET. */
  readonly method?: 'GET' | 'POST' | 'HEAD';
  /** Sent to the origin of `url` only: a redirect to another origin goes without them. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Whether plain http is refused, also as the target of a redirect. Default true. */
  readonly httpsOnly?: boolean;
  /** Whole request including redirects and body, milliseconds. Default 10,000. */
  readonly timeoutMs?: number;
  /** Largest body after decompression, bytes. Default 1 MiB. */
  readonly maxBytes?: number;
  /** Default 5; 0: a redirect is the answer. */
  readonly maxRedirects?: number;
  readonly signal?: AbortSignal;
}

/** What a server answered, whatever its status. */
export interface WebResponse {
  readonly status: number;
  /** Where it came from after redirects. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Decompressed. */
  readonly body: Buffer;
}

/** Ways for tests to reach a server of their own; production passes none. */
export interface GuardedWebOptions {
  /** Allows this machine's loopback addresses, and nothing else that is not public. */
  readonly allowLoopback?: boolean;
  /** Resolves names instead of the system. */
  readonly resolver?: LookupFunction;
  /** Certificate authority (PEM) trusted instead of the system's. */
  readonly ca?: string;
}

const USER_AGENT = 'Bailiff';

/**
 * The only way the worker talks to servers that a setting, a list or another server names: public addresses only, checked for
 * every connection at the moment it is made, redirects included; bounded in time and size. Never retries: its callers decide.
 */
export class GuardedWeb {
  private readonly agents: ReturnType<typeof guardedAgents>;

  constructor({ allowLoopback = false, resolver, ca }: GuardedWebOptions = {}) {
    const isAllowed = (address: string) => isPublicAddress(address) || (allowLoopback && isLoopback(address));
    this.agents = guardedAgents(isAllowed, resolver, ca);
  }

  /**
   * @returns the answer, an error status included
   * @throws {WebRequestError} when the guard refuses, or there is no whole answer in time and size
   */
  async request(request: WebRequest): Promise<WebResponse> {
    const httpsOnly = request.httpsOnly ?? true;
    const url = checkUrl(request.url, httpsOnly);
    try {
      return await read(got.stream(url, this.options(request, url, httpsOnly)), request.maxBytes ?? 1024 ** 2);
    } catch (error) {
      throw webFailure(error, request.signal);
    }
  }

  private options(request: WebRequest, url: URL, httpsOnly: boolean): OptionsInit & { isStream: true } {
    const { method = 'GET', headers = {}, body, timeoutMs = 10_000, maxRedirects = 5, signal } = request;
    return {
      isStream: true,
      method,
      headers: { 'user-agent': USER_AGENT, ...headers },
      ...(body === undefined ? {} : { body }),
      ...(signal === undefined ? {} : { signal }),
      agent: this.agents,
      timeout: { request: timeoutMs },
      retry: { limit: 0 },
      throwHttpErrors: false,
      followRedirect: maxRedirects > 0,
      maxRedirects,
      hooks: {
        beforeRedirect: [
          (next) => {
            const target = checkUrl(String(next.url), httpsOnly);
            if (sameOrigin(url, target)) return;
            for (const name of Object.keys(headers)) next.headers[name.toLowerCase()] = undefined;
          },
        ],
      },
    };
  }
}

async function read(stream: Request, maxBytes: number): Promise<WebResponse> {
  const chunks: Buffer[] = [];
  let size = 0;
  let response: PlainResponse | undefined;
  stream.on('response', (answer: PlainResponse) => (response = answer));
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    // Leaving the loop destroys the stream and with it the connection.
    if (size > maxBytes) throw new WebRequestError('web/body-too-large', `the answer is larger than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  if (response === undefined) throw new WebRequestError('web/unreachable', 'no answer');
  return { status: response.statusCode, url: response.url, headers: response.headers, body: Buffer.concat(chunks) };
}
