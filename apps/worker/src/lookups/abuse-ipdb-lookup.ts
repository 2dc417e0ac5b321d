import type { AbuseIpdbFacts } from '@bailiff/contracts/http';
import type { IpNetwork } from '@bailiff/ip';
import { Injectable } from '@nestjs/common';
import { WorkerConfig } from '../worker.config.js';
import { cleanText, cleanTime, objectOf } from './clean-text.js';
import { LookupError } from './lookup.error.js';
import type { LookupSource } from './lookup-source.js';
import { LookupWeb } from './lookup-web.js';

const MAX_AGE_DAYS = 90;

/**
 * What others reported about an address, by AbuseIPDB.
 * @see https://docs.abuseipdb.com/#check-endpoint
 */
@Injectable()
export class AbuseIpdbLookup implements LookupSource {
  readonly kind = 'abuseipdb';

  constructor(
    private readonly web: LookupWeb,
    private readonly config: WorkerConfig,
  ) {}

  async find(address: IpNetwork): Promise<AbuseIpdbFacts> {
    const { abuseIpdbKey, abuseIpdbUrl } = this.config;
    if (abuseIpdbKey === undefined) throw new LookupError('lookup/no-key', 'The worker has no AbuseIPDB key.');
    const query = new URLSearchParams({ ipAddress: address, maxAgeInDays: String(MAX_AGE_DAYS) });
    const { json } = await this.web.json({
      url: `${new URL('api/v2/check', abuseIpdbUrl).href}?${query.toString()}`,
      headers: { key: abuseIpdbKey, accept: 'application/json' },
      service: abuseIpdbUrl,
      maxRedirects: 0,
    });
    const data = objectOf(objectOf(json)['data']);
    const score = data['abuseConfidenceScore'];
    if (typeof score !== 'number' || !Number.isInteger(score) || score < 0 || score > 100)
      throw new LookupError('lookup/bad-answer', 'AbuseIPDB’s answer has no score.');
    return {
      score,
      reports: countOf(data['totalReports']),
      reporters: countOf(data['numDistinctUsers']),
      lastReportedAt: cleanTime(data['lastReportedAt']),
      usage: cleanText(data['usageType'], 200),
      isp: cleanText(data['isp'], 200),
      domain: cleanText(data['domain'], 255),
      isTor: data['isTor'] === true,
      isAllowed: data['isWhitelisted'] === true,
    };
  }
}

function countOf(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : 0;
}
