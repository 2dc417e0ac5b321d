import { httpResource } from '@angular/common/http';
import { computed, DestroyRef, inject, Service } from '@angular/core';
import type { GeoSource, GeoStatus } from '@bailiff/contracts/http';
import { Clock } from '../time/clock';
import { geoSign } from './geo-sign';

const RELOAD_MS = 5 * 60_000;

/** Where countries and networks come from and how old they are; asked for once somebody wants to know. */
@Service()
export class GeoData {
  private readonly clock = inject(Clock);
  private readonly resource = httpResource<GeoStatus>(() => 'api/v1/geo/sources');

  /** undefined: not known yet. */
  readonly status = computed(() => (this.resource.hasValue() ? this.resource.value() : undefined));
  readonly error = this.resource.error;
  /** What is to be said about the data; undefined: nothing, or not known yet. */
  readonly sign = computed(() => {
    const status = this.status();
    return status === undefined ? undefined : geoSign(status, this.clock.now());
  });
  /** Who is to be named for what is shown, each once. */
  readonly credits = computed<readonly Pick<GeoSource, 'credit' | 'creditUrl'>[]>(() => {
    const used = (this.status()?.sources ?? []).filter(
      ({ state, facts }) => state === 'used' && !facts.includes('rir'),
    );
    return [...new Map(used.map((source) => [source.credit, source])).values()];
  });

  constructor() {
    const timer = setInterval(() => this.resource.reload(), RELOAD_MS);
    inject(DestroyRef).onDestroy(() => clearInterval(timer));
  }

  reload(): void {
    this.resource.reload();
  }
}
