import { contains, family, type IpNetwork, prefixLength, tryParseNetwork } from '@bailiff/ip';
import { Injectable } from '@nestjs/common';
import { WorkerConfig } from '../worker.config.js';
import { listOf, objectOf } from './clean-text.js';
import { LookupError } from './lookup.error.js';
import { LookupWeb } from './lookup-web.js';

const FRESH_MS = 24 * 3_600_000;
const MAX_SERVICES = 1_000;
const MAX_NETWORKS = 5_000;

/** A part of the address space and the server that knows it. */
interface Service {
  readonly network: IpNetwork;
  readonly url: string;
}
interface Table {
  readonly services: readonly Service[];
  readonly readAtMs: number;
}

/**
 * Which registry's RDAP server knows an address, by IANA's bootstrap files. They change a few times a year; one that is a day
 * old is read anew, and goes on being used while it can not be.
 * @see RFC 9224
 */
@Injectable()
export class RdapBootstrap {
  private readonly tables = new Map<4 | 6, Table>();

  constructor(
    private readonly web: LookupWeb,
    private readonly config: WorkerConfig,
  ) {}

  /** Where the operator says the list of servers is. */
  get source(): string {
    return this.config.rdapBootstrapUrl;
  }

  /**
   * Base URL of the server, ending in `/`.
   * @throws {LookupError} `lookup/no-server` when no registry is listed, and what {@link LookupWeb.json} throws
   */
  async serverFor(address: IpNetwork): Promise<string> {
    const services = await this.services(family(address));
    const [best] = services
      .filter(({ network }) => contains(network, address))
      .toSorted((a, b) => prefixLength(b.network) - prefixLength(a.network));
    if (best === undefined)
      throw new LookupError('lookup/no-server', 'No registry is listed for this part of the address space.');
    return best.url;
  }

  private async services(version: 4 | 6): Promise<readonly Service[]> {
    const known = this.tables.get(version);
    if (known !== undefined && Date.now() - known.readAtMs < FRESH_MS) return known.services;
    try {
      const url = new URL(`ipv${version}.json`, withSlash(this.source)).href;
      const { json } = await this.web.json({ url, service: this.source, maxRedirects: 3 });
      const services = readServices(json, this.source.startsWith('https:'));
      if (services.length === 0) throw new LookupError('lookup/bad-answer', 'The list of registries is empty.');
      this.tables.set(version, { services, readAtMs: Date.now() });
      return services;
    } catch (error) {
      if (known !== undefined && error instanceof LookupError) return known.services;
      throw error;
    }
  }
}

function readServices(json: unknown, httpsOnly: boolean): Service[] {
  return listOf(objectOf(json)['services'], MAX_SERVICES).flatMap((entry) => {
    const [networks, urls] = listOf(entry, 2);
    const url = listOf(urls, 10)
      .filter((text): text is string => typeof text === 'string' && text.length <= 500)
      .filter((text) => text.startsWith('https://') || (!httpsOnly && text.startsWith('http://')))
      // https comes first.
      .toSorted()
      .at(-1);
    if (url === undefined || !URL.canParse(url)) return [];
    return listOf(networks, MAX_NETWORKS).flatMap((text) => {
      const network = typeof text === 'string' ? tryParseNetwork(text) : undefined;
      return network === undefined ? [] : { network, url: withSlash(url) };
    });
  });
}

function withSlash(url: string): string {
  return url.endsWith('/') ? url : `${url}/`;
}
