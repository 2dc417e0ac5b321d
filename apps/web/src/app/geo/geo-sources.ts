import { Component, computed, inject } from '@angular/core';
import type { GeoSource } from '@bailiff/contracts/http';
import { Format } from '../display/format';
import { ProblemNotice } from '../display/problem-notice';
import { StatusDot, type Tone } from '../display/status-dot';
import { MESSAGES } from '../messages/messages';
import { Clock } from '../time/clock';
import { TimeFormat } from '../time/time-format';
import { GeoData } from './geo-data';
import { GeoNotice } from './geo-notice';
import { ageInDays, isOld } from './geo-sign';

/** A source as it is shown. */
interface Shown {
  readonly source: GeoSource;
  readonly facts: string;
  readonly age: string;
  readonly builtOn: string;
  readonly tone: Tone;
  readonly word: string;
}

/** Section of the settings: where countries, networks and registries come from, how old they are, and whose they are. */
@Component({
  selector: 'bailiff-geo-sources',
  imports: [GeoNotice, ProblemNotice, StatusDot],
  templateUrl: './geo-sources.html',
  styleUrl: './geo-sources.scss',
})
export class GeoSources {
  protected readonly data = inject(GeoData);
  private readonly clock = inject(Clock);
  private readonly format = inject(Format);
  private readonly time = inject(TimeFormat);
  protected readonly m = inject(MESSAGES).geo;
  protected readonly opensNewTab = inject(MESSAGES).bans.opensNewTab;
  protected readonly skeletons = [0, 1, 2];

  protected readonly shown = computed<readonly Shown[] | undefined>(() =>
    this.data.status()?.sources.map((source) => this.describe(source)),
  );
  protected readonly counts = computed(() => {
    const addresses = this.data.status()?.addresses;
    return addresses === undefined
      ? ''
      : this.m.addresses(this.format.number(addresses.known), this.format.number(addresses.waiting));
  });
  protected readonly reported = computed(() => {
    const status = this.data.status();
    return status?.state === 'silent' && status.reportedAt !== null
      ? this.m.lastSaid(this.time.absolute(status.reportedAt))
      : '';
  });

  private describe(source: GeoSource): Shown {
    const now = this.clock.now();
    const days = ageInDays(source, now);
    const old = isOld(source, now);
    const tone: Tone =
      source.state === 'broken'
        ? 'danger'
        : source.problem !== null || old
          ? 'warn'
          : source.state === 'used'
            ? 'ok'
            : 'off';
    return {
      source,
      facts: source.facts.map((fact) => this.m.facts[fact]).join(', '),
      age: days === null ? (source.kind === 'online' ? this.m.askedLive : this.m.ageUnknown) : this.m.age(days),
      builtOn: source.builtAt === null ? '' : this.time.date(source.builtAt),
      tone,
      word: old && source.problem === null ? this.m.old : this.m.states[source.state],
    };
  }
}
