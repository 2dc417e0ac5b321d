import { httpResource } from '@angular/common/http';
import { Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { JailDetail, JailFailures, JailInfo } from '@bailiff/contracts/http';
import { Fact } from '../display/fact';
import { Format } from '../display/format';
import { Moment } from '../display/moment';
import { Sparkline } from '../display/sparkline';
import { StatusDot } from '../display/status-dot';
import { MESSAGES } from '../messages/messages';
import { HostScope } from '../hosts/host-scope';
import { banRule } from './ban-rule';
import { byteText } from './byte-text';

/** Figures, rule and log files of a jail. */
@Component({
  selector: 'bailiff-jail-overview',
  imports: [Fact, Moment, RouterLink, Sparkline, StatusDot],
  templateUrl: './jail-overview.html',
  styleUrl: './jail-overview.scss',
})
export class JailOverview {
  protected readonly format = inject(Format);
  protected readonly scope = inject(HostScope);
  protected readonly m = inject(MESSAGES).jail;
  protected readonly words = inject(MESSAGES).jails;
  protected readonly bytes = byteText;
  readonly info = input<JailInfo>();
  readonly detail = input<JailDetail>();
  readonly hostId = input.required<string>();
  readonly jail = input.required<string>();

  private readonly failures = httpResource<readonly JailFailures[]>(() => ({
    url: 'api/v1/jails/failures',
    params: { hosts: this.hostId() },
  }));
  protected readonly hours = computed(() =>
    this.failures.hasValue() ? this.failures.value().find(({ jail }) => jail === this.jail())?.hours : undefined,
  );
  protected readonly rule = computed(() => {
    const known = [this.info(), this.detail()?.settings].find((one) => typeof one?.maxretry === 'number');
    return known === undefined ? '' : banRule(this.words, this.format, known);
  });
  protected readonly figures = computed(() => {
    const info = this.info();
    return [
      { name: this.words.banned, value: info?.currentlyBanned, tab: 'banned' },
      { name: this.words.totalBanned, value: info?.totalBanned, tab: undefined },
      { name: this.words.failed, value: info?.currentlyFailed, tab: undefined },
      { name: this.words.totalFailed, value: info?.totalFailed, tab: undefined },
    ];
  });
}
