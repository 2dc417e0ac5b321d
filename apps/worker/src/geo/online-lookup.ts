import { Injectable, Logger } from '@nestjs/common';
import { GuardedWeb } from '../web/guarded-web.js';
import { WorkerConfig } from '../worker.config.js';
import { readMmdbRecord } from './mmdb/mmdb-record.js';

/** Most questions for one job: the other addresses of a batch must not wait long. */
const MAX_A_JOB = 10;
const TIMEOUT_MS = 3_000;
const MAX_BYTES = 64 * 1024;
/** Pause after an answer that says no: too many questions, a key that is not valid, a server in trouble. */
const PAUSE_MS = 60_000;
const MINUTE_MS = 60_000;

/** Asks a service of the internet for the country of addresses that the offline data do not know. Off unless configured. */
@Injectable()
export class OnlineLookup {
  private readonly logger = new Logger(OnlineLookup.name);
  private readonly template: string | undefined;
  private readonly perMinute: number;
  private allowance: number;
  private countedAt = 0;
  private pausedUntil = 0;

  constructor(
    config: WorkerConfig,
    private readonly web: GuardedWeb,
  ) {
    this.template = config.geoOnlineUrl;
    this.perMinute = config.geoOnlinePerMinute;
    this.allowance = this.perMinute;
  }

  /** Name of the server asked, or null when it is off. */
  get host(): string | null {
    return this.template === undefined ? null : new URL(this.template.replace('{address}', '')).host;
  }

  /** Countries of some of the addresses, as many as the rate allows. Never throws: what is not answered stays unknown. */
  async countriesOf(addresses: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const { template } = this;
    if (template === undefined) return new Map();
    const asked = addresses.slice(0, this.take(Math.min(addresses.length, MAX_A_JOB)));
    const answers = await Promise.all(
      asked.map(async (address) => [address, await this.ask(template, address)] as const),
    );
    return new Map(answers.filter((answer): answer is readonly [string, string] => answer[1] !== null));
  }

  private async ask(template: string, address: string): Promise<string | null> {
    try {
      const { status, body } = await this.web.request({
        url: template.replace('{address}', encodeURIComponent(address)),
        headers: { accept: 'application/json' },
        timeoutMs: TIMEOUT_MS,
        maxBytes: MAX_BYTES,
        maxRedirects: 2,
      });
      if (status === 404) return null;
      if (status !== 200) {
        this.pause(`status ${status}`);
        return null;
      }
      const answer: unknown = JSON.parse(body.toString());
      const camelCase = typeof answer === 'object' && answer !== null && 'countryCode' in answer;
      return readMmdbRecord(camelCase ? { country_code: answer.countryCode } : answer).country;
    } catch (error) {
      // Messages name the server at most; the URL may hold a key.
      this.pause(error instanceof SyntaxError ? 'the answer is no JSON' : codeOf(error));
      return null;
    }
  }

  /** How many of `wanted` questions may be asked now. */
  private take(wanted: number): number {
    const now = Date.now();
    if (now < this.pausedUntil) return 0;
    const earned = ((now - this.countedAt) * this.perMinute) / MINUTE_MS;
    this.allowance = Math.min(this.perMinute, this.allowance + earned);
    this.countedAt = now;
    const taken = Math.min(wanted, Math.floor(this.allowance));
    this.allowance -= taken;
    return taken;
  }

  private pause(reason: string): void {
    this.pausedUntil = Date.now() + PAUSE_MS;
    this.logger.warn({ server: this.host, reason }, 'online country look-up paused');
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'failed';
}
