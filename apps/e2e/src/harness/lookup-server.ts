import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What is known of every address. */
export interface LookupAnswers {
  readonly networkName: string;
  readonly provider: string;
}

/** What comes from outside may hold anything. */
const hostileAnswers: LookupAnswers = {
  networkName: '<img src=x onerror=alert(1)>',
  provider: '<script>alert(1)</script>',
};

/** A registry of every IPv4 network, its entry in IANA's list, and AbuseIPDB, all on one server of this machine. */
export class LookupServer implements AsyncDisposable {
  /** Paths asked for. */
  readonly asked: string[] = [];

  private constructor(
    private readonly server: Server,
    private readonly answers: LookupAnswers,
  ) {
    server.on('request', (request, response) => this.answer(request, response));
  }

  static async start(answers = hostileAnswers): Promise<LookupServer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new LookupServer(server, answers);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  /** Settings of a stack whose worker asks here and nowhere else. */
  get env(): NodeJS.ProcessEnv {
    return {
      BAILIFF_WORKER_RDAP_BOOTSTRAP_URL: this.url,
      BAILIFF_WORKER_ABUSEIPDB_URL: this.url,
      BAILIFF_WORKER_ABUSEIPDB_KEY: 'key-of-the-suite',
      BAILIFF_WORKER_OTX_URL: this.url,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private answer({ url = '', headers }: IncomingMessage, response: ServerResponse): void {
    this.asked.push(url);
    const json = (status: number, body: object): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    const [, asked] = /^\/rdap\/ip\/(\d+\.\d+\.\d+)\.\d+$/.exec(url) ?? [];
    if (url === '/ipv4.json') json(200, { services: [[EVERY_NETWORK, [`${this.url}rdap/`]]] });
    else if (asked !== undefined) json(200, networkOf(asked, this.answers.networkName));
    else if (url.startsWith('/api/v2/check'))
      json(headers['key'] === 'key-of-the-suite' ? 200 : 401, reportsOf(this.answers.provider));
    else json(404, { errorCode: 404 });
  }
}

const EVERY_NETWORK = Array.from({ length: 223 }, (_, n) => `${String(n + 1)}.0.0.0/8`);

function networkOf(prefix: string, name: string): object {
  return {
    objectClassName: 'ip network',
    handle: `NET-${prefix.replaceAll('.', '-')}-0-1`,
    name,
    startAddress: `${prefix}.0`,
    endAddress: `${prefix}.255`,
    country: 'US',
    entities: [
      { roles: ['registrant'], vcardArray: ['vcard', [['fn', {}, 'text', 'Example Networks LLC']]] },
      { roles: ['abuse'], vcardArray: ['vcard', [['email', {}, 'text', 'abuse@example.net']]] },
    ],
  };
}

function reportsOf(isp: string): object {
  return {
    data: {
      abuseConfidenceScore: 87,
      totalReports: 41,
      numDistinctUsers: 9,
      lastReportedAt: '2026-03-01T10:00:00+00:00',
      usageType: 'Data Center/Web Hosting/Transit',
      isp,
      domain: 'example.net',
      isTor: false,
      isWhitelisted: false,
    },
  };
}
