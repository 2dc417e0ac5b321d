import { Component, computed, inject, input } from '@angular/core';
import type { HistoryEntry } from '@bailiff/contracts/http';
import { AddressLinks } from '../bans/address-links';
import { Fact } from '../display/fact';
import { Flag } from '../display/flag';
import { Folded } from '../display/folded';
import { Format } from '../display/format';
import { OriginBadge } from '../display/origin-badge';
import { GeoCredit } from '../geo/geo-credit';
import { NetworkText } from '../geo/network-text';
import { MESSAGES } from '../messages/messages';
import { TimeFormat } from '../time/time-format';
import { siteOf } from './request-columns';

/** Everything the archive keeps about one event, with the log lines that caused it. */
@Component({
  selector: 'bailiff-history-detail',
  imports: [AddressLinks, Fact, Flag, Folded, GeoCredit, NetworkText, OriginBadge],
  template: `@let row = entry();
    <p class="big mono" dir="ltr">{{ row.address }}</p>
    <bailiff-flag [code]="row.country" [named]="true" />
    <div>
      <bailiff-fact [name]="m.kind">{{ m.kinds[row.kind] }}</bailiff-fact>
      <bailiff-fact [name]="m.time">{{ time.absolute(row.at) }}</bailiff-fact>
      <bailiff-fact [name]="bans.jail">{{ row.jail }}</bailiff-fact>
      <bailiff-fact [name]="bans.host">{{ row.hostName }}</bailiff-fact>
      @if (row.asn) {
        <bailiff-fact [name]="geo.network"><bailiff-network [row]="row" /></bailiff-fact>
      }
      @if (row.kind === 'ban') {
        @if (row.service) {
          <bailiff-fact [name]="m.service">{{ row.service }}</bailiff-fact>
        }
        @if (site(); as name) {
          <bailiff-fact [name]="m.site"
            ><span class="logged" dir="ltr">{{ name }}</span></bailiff-fact
          >
        }
        @if (row.requestUrl) {
          <bailiff-fact [name]="m.requestUrl"
            ><span class="logged" dir="ltr">{{ row.requestUrl }}</span></bailiff-fact
          >
        }
        <bailiff-fact [name]="bans.origin"><bailiff-origin [origin]="row.origin" /></bailiff-fact>
        <bailiff-fact [name]="m.duration">{{ format.duration(row.bantimeSeconds) }}</bailiff-fact>
        <bailiff-fact [name]="bans.count">{{ format.number(row.banCount) }}</bailiff-fact>
        <bailiff-fact [name]="m.failures">{{ format.number(row.failures) }}</bailiff-fact>
      }
    </div>
    <bailiff-address-links [address]="row.address" [from]="from()" />
    <bailiff-geo-credit />
    @if (row.kind === 'ban') {
      <h3>{{ m.matches }}</h3>
      @if (row.matches.length > 0) {
        <ol class="lines" tabindex="0" [attr.aria-label]="m.matches">
          @for (line of row.matches; track $index) {
            <li class="untrusted" dir="auto">
              <bailiff-folded [length]="line.length">{{ line }}</bailiff-folded>
            </li>
          }
        </ol>
      } @else {
        <p class="muted">{{ m.noMatches }}</p>
      }
    }`,
  styles: `
    :host {
      display: grid;
      gap: 14px;
      justify-items: stretch;
    }
    .big {
      font-size: 1.125rem;
      font-weight: 600;
      overflow-wrap: anywhere;
    }
    .logged {
      font: 400 0.75rem / 1.125rem var(--mono);
      font-variant-ligatures: none;
    }
    .lines {
      display: grid;
      gap: 1px;
      max-height: 320px;
      padding: 0;
      overflow: auto;
      border: 1px solid var(--line);
      border-radius: var(--radius);
      background: var(--line);
      list-style: none;
    }
    li {
      padding: 6px 10px;
      background: var(--inset);
      font: 400 0.75rem / 1.125rem var(--mono);
      font-variant-ligatures: none;
      white-space: pre-wrap;
    }
  `,
})
export class HistoryDetail {
  protected readonly m = inject(MESSAGES).history;
  protected readonly bans = inject(MESSAGES).bans;
  protected readonly geo = inject(MESSAGES).geo;
  protected readonly format = inject(Format);
  protected readonly time = inject(TimeFormat);
  readonly entry = input.required<HistoryEntry>();
  readonly from = input<'history'>();
  protected readonly site = computed(() => siteOf(this.entry()));
}
