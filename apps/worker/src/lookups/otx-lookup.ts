import type { OtxFacts } from '@bailiff/contracts/http';
import { family, type IpNetwork } from '@bailiff/ip';
import { Injectable } from '@nestjs/common';
import { WorkerConfig } from '../worker.config.js';
import { cleanText, listOf, objectOf } from './clean-text.js';
import { LookupError } from './lookup.error.js';
import type { LookupSource } from './lookup-source.js';
import { LookupWeb } from './lookup-web.js';

const MAX_NAMES = 10;
/** Every pulse comes with its whole text. */
const MAX_BYTES = 4 * 1024 ** 2;

/**
 * Threat reports ("pulses") that name an address, by AlienVault OTX.
 * @see https://otx.alienvault.com/api `GET /api/v1/indicators/IPv4/{ip}/general`
 */
@Injectable()
export class OtxLookup implements LookupSource {
  readonly kind = 'otx';

  constructor(
    private readonly web: LookupWeb,
    private readonly config: WorkerConfig,
  ) {}

  async find(address: IpNetwork): Promise<OtxFacts | null> {
    const { otxKey, otxUrl } = this.config;
    if (otxKey === undefined) throw new LookupError('lookup/no-key', 'The worker has no OTX key.');
    const { json } = await this.web.json({
      url: new URL(`api/v1/indicators/IPv${family(address)}/${address}/general`, otxUrl).href,
      headers: { 'x-otx-api-key': otxKey, accept: 'application/json' },
      service: otxUrl,
      maxRedirects: 0,
      maxBytes: MAX_BYTES,
    });
    if (json === undefined) return null;
    const info = objectOf(objectOf(json)['pulse_info']);
    const { count } = info;
    if (typeof count !== 'number' || !Number.isSafeInteger(count) || count < 0)
      throw new LookupError('lookup/bad-answer', 'OTX’s answer has no count of pulses.');
    if (count === 0) return null;
    const names = listOf(info['pulses'], MAX_NAMES).flatMap((pulse) => cleanText(objectOf(pulse)['name'], 200) ?? []);
    return { pulses: count, names };
  }
}
