import { Injectable } from '@nestjs/common';
import { GuardedWeb } from '../web/guarded-web.js';
import { isLoopback } from '../web/public-address.js';
import { WebRequestError } from '../web/web-request.error.js';
import { WorkerConfig } from '../worker.config.js';
import { cleanText, listOf, objectOf } from './clean-text.js';
import { LookupError } from './lookup.error.js';

const MAX_BYTES = 512 * 1024;
const DETAIL_MAX = 200;

/** One question to a service. */
export interface LookupRequest {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The service's address in the worker's configuration. Plain http and this machine are allowed only where it names them. */
  readonly service: string;
  /** Never with a key among the headers. */
  readonly maxRedirects: number;
  /** Default 512 KiB. */
  readonly maxBytes?: number;
}

/** An answer that may be believed to be one. */
export interface LookupReply {
  /** Parsed JSON; undefined: the service knows nothing (404). */
  readonly json: unknown;
  /** Where it came from after redirects. */
  readonly url: string;
}

/** The guarded way to look-up services, with their refusals in words. */
@Injectable()
export class LookupWeb {
  private readonly web = new GuardedWeb();
  /** An operator who runs a mirror on this machine named it; nobody else can make us talk to ourselves. */
  private readonly ownWeb = new GuardedWeb({ allowLoopback: true });
  private readonly timeoutMs: number;

  constructor({ lookupTimeoutMs }: WorkerConfig) {
    this.timeoutMs = lookupTimeoutMs;
  }

  /** @throws {LookupError} for everything that is neither an answer nor a plain "not known" */
  async json({ url, headers = {}, service, maxRedirects, maxBytes = MAX_BYTES }: LookupRequest): Promise<LookupReply> {
    const { timeoutMs } = this;
    const { protocol, hostname } = new URL(service);
    const web = isLoopback(hostname.replace(/^\[|\]$/g, '')) ? this.ownWeb : this.web;
    const httpsOnly = protocol === 'https:';
    let response;
    try {
      response = await web.request({ url, headers, httpsOnly, maxRedirects, maxBytes, timeoutMs });
    } catch (error) {
      throw failureOf(error);
    }
    const { status } = response;
    if (status === 404) return { json: undefined, url: response.url };
    const value = parse(response.body);
    if (status === 200) {
      if (value === undefined) throw new LookupError('lookup/bad-answer', 'The answer is not JSON.');
      return { json: value, url: response.url };
    }
    const said = whatWasSaid(value);
    if (status === 429) throw new LookupError('lookup/quota', quotaText(said, response.headers['retry-after']));
    if (status === 401 || status === 403)
      throw new LookupError('lookup/key-refused', said ?? `The service answered ${status}.`);
    throw new LookupError('lookup/bad-answer', said ?? `The service answered ${status}.`);
  }
}

function failureOf(error: unknown): unknown {
  if (!(error instanceof WebRequestError)) return error;
  const { message, code } = error;
  const detail = cleanText(message, DETAIL_MAX) ?? '';
  switch (code) {
    case 'web/timed-out':
      return new LookupError('lookup/timed-out', detail, { cause: error });
    case 'web/unreachable':
      return new LookupError('lookup/unreachable', detail, { cause: error });
    default:
      return new LookupError('lookup/bad-answer', detail, { cause: error });
  }
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** AbuseIPDB, OTX and RDAP each have their own form of saying what is wrong. */
function whatWasSaid(value: unknown): string | null {
  const answer = objectOf(value);
  const [first] = listOf(answer['errors'], 1);
  return (
    cleanText(objectOf(first)['detail'], DETAIL_MAX) ??
    cleanText(answer['detail'], DETAIL_MAX) ??
    cleanText(listOf(answer['description'], 1)[0], DETAIL_MAX) ??
    cleanText(answer['title'], DETAIL_MAX)
  );
}

function quotaText(said: string | null, retryAfter: string | string[] | undefined): string {
  const seconds = typeof retryAfter === 'string' && /^\d{1,7}$/.test(retryAfter) ? Number(retryAfter) : undefined;
  const when = seconds === undefined ? '' : ` Asked again, it will answer in ${Math.ceil(seconds / 60)} min.`;
  return `${said ?? 'Too many questions were asked.'}${when}`;
}
