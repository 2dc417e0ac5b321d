import type { RdapFacts } from '@bailiff/contracts/http';
import type { IpNetwork } from '@bailiff/ip';
import { Injectable } from '@nestjs/common';
import { LookupError } from './lookup.error.js';
import type { LookupSource } from './lookup-source.js';
import { LookupWeb } from './lookup-web.js';
import { readRdapAnswer } from './rdap-answer.js';
import { RdapBootstrap } from './rdap-bootstrap.js';

/** Whose network an address is, by its registry (RDAP, which took the place of whois). */
@Injectable()
export class RdapLookup implements LookupSource {
  readonly kind = 'rdap';

  constructor(
    private readonly web: LookupWeb,
    private readonly bootstrap: RdapBootstrap,
  ) {}

  async find(address: IpNetwork): Promise<RdapFacts | null> {
    const server = await this.bootstrap.serverFor(address);
    const { json, url } = await this.web.json({
      url: new URL(`ip/${address}`, server).href,
      headers: { accept: 'application/rdap+json' },
      service: this.bootstrap.source,
      // Registries send on to one another for networks that have moved.
      maxRedirects: 4,
    });
    if (json === undefined) return null;
    const facts = readRdapAnswer(json, url);
    if (facts === undefined)
      throw new LookupError('lookup/bad-answer', 'The registry’s answer is not about a network.');
    return facts;
  }
}
