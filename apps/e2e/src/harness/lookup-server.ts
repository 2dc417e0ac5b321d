import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A registry that knows 8.8.8.0/24, its entry in IANA's list, and AbuseIPDB, all on one server of this machine. */
export class LookupServer implements AsyncDisposable {
  /** Paths asked for. */
  readonly asked: string[] = [];

  private constructor(private readonly server: Server) {
    server.on('request', (request, response) => this.answer(request, response));
  }

  static async start(): Promise<LookupServer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new LookupServer(server);
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
    if (url === '/ipv4.json') json(200, { services: [[['8.0.0.0/8'], [`${this.url}rdap/`]]] });
    else if (url.startsWith('/rdap/ip/8.8.8.')) json(200, NETWORK);
    else if (url.startsWith('/api/v2/check')) json(headers['key'] === 'key-of-the-suite' ? 200 : 401, REPORTS);
    else json(404, { errorCode: 404 });
  }
}

const NETWORK = {
  objectClassName: 'ip network',
  handle: 'NET-8-8-8-0-2',
  name: '<img src=x onerror=alert(1)>',
  startAddress: '8.8.8.0',
  endAddress: '8.8.8.255',
  country: 'US',
  entities: [
    { roles: ['registrant'], vcardArray: ['vcard', [['fn', {}, 'text', 'Example Networks LLC']]] },
    { roles: ['abuse'], vcardArray: ['vcard', [['email', {}, 'text', 'abuse@example.net']]] },
  ],
};

const REPORTS = {
  data: {
    abuseConfidenceScore: 87,
    totalReports: 41,
    numDistinctUsers: 9,
    lastReportedAt: '2026-03-01T10:00:00+00:00',
    usageType: 'Data Center/Web Hosting/Transit',
    isp: '<script>alert(1)</script>',
    domain: 'example.net',
    isTor: false,
    isWhitelisted: false,
  },
};
