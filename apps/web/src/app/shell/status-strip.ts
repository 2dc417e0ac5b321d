import { Component, computed, inject } from '@angular/core';
import { RouterLink } from '@angular/router';
import { Format } from '../display/format';
import { StatusDot, type Tone } from '../display/status-dot';
import { HostDirectory } from '../hosts/host-directory';
import { HostScope } from '../hosts/host-scope';
import { LiveFeed } from '../live/live-feed';
import { MESSAGES } from '../messages/messages';
import { Clock } from '../time/clock';
import { TimeFormat } from '../time/time-format';
import { FleetFigures } from './fleet-figures';

/** State of the chosen hosts in one line on every page; leads to the hosts. */
@Component({
  selector: 'bailiff-status-strip',
  imports: [RouterLink, StatusDot],
  host: { role: 'region', '[attr.aria-label]': 'm.label' },
  template: `<a routerLink="/hosts" [queryParams]="scope.link()">
    @if (directory.hosts() === undefined) {
      @if (directory.error()) {
        <bailiff-status tone="off">{{ m.unknown }}</bailiff-status>
      } @else {
        <span class="bone"></span>
      }
    } @else {
      @if (isStale()) {
        <bailiff-status tone="off">{{ m.unknown }}</bailiff-status>
      } @else {
        <bailiff-status [tone]="tone()"
          ><strong>{{ state() }}</strong></bailiff-status
        >
      }
      @if (age(); as text) {
        <span class="muted">{{ text }}</span>
      }
      @if (figures().reported > 0) {
        @if (figures().versions.length > 0) {
          <span class="fact wide"
            >{{ m.fail2ban }} <b>{{ versions() }}</b></span
          >
        }
        <span class="fact middle"
          ><b>{{ format.number(figures().activeJails) }}</b> {{ m.jails }}</span
        >
        <span class="fact"
          ><b>{{ format.number(figures().currentlyBanned) }}</b> {{ m.banned }}</span
        >
        <span class="fact middle"
          ><b>{{ format.short(figures().totalBanned) }}</b> {{ m.bans }}</span
        >
        <span class="fact wide"
          ><b>{{ format.short(figures().totalFailed) }}</b> {{ m.failures }}</span
        >
      }
    }
  </a>`,
  styles: `
    :host {
      container-type: inline-size;
    }
    a {
      display: flex;
      align-items: center;
      gap: 20px;
      height: 100%;
      padding: 0 24px;
      color: var(--text-2);
      font-size: var(--text-sm);
      white-space: nowrap;
      overflow: hidden;
    }
    a:hover {
      text-decoration: none;
      background: var(--hover);
    }
    a:focus-visible {
      outline-offset: -2px;
    }
    strong {
      color: var(--text);
      font-weight: 550;
    }
    b {
      color: var(--text);
      font-weight: 550;
    }
    .muted {
      margin-inline-start: -8px;
    }
    .bone {
      width: 220px;
      height: 10px;
      border-radius: 5px;
      background: var(--inset);
    }
    @container (max-width: 860px) {
      .wide {
        display: none;
      }
    }
    @container (max-width: 560px) {
      .middle {
        display: none;
      }
      .muted {
        display: none;
      }
      a {
        justify-content: space-between;
        padding: 0 16px;
      }
    }
  `,
})
export class StatusStrip {
  protected readonly directory = inject(HostDirectory);
  protected readonly scope = inject(HostScope);
  protected readonly format = inject(Format);
  private readonly time = inject(TimeFormat);
  private readonly clock = inject(Clock);
  protected readonly m = inject(MESSAGES).shell.status;

  private readonly feed = inject(LiveFeed);
  /** Without a connection nobody knows whether a host is online: the figures stay, as what was known last. */
  protected readonly isStale = computed(() => this.feed.state() === 'stale');
  protected readonly figures = inject(FleetFigures).sum;
  protected readonly versions = computed(() => this.figures().versions.join(', '));
  protected readonly tone = computed<Tone>(() => {
    const { hosts, online, unreachable, pending } = this.figures();
    if (hosts === 0) return 'off';
    if (unreachable > 0) return 'warn';
    if (online === hosts) return 'ok';
    return online + pending === hosts ? 'busy' : online === 0 ? 'danger' : 'warn';
  });
  protected readonly state = computed(() => {
    const { hosts, online, unreachable, pending } = this.figures();
    if (hosts === 0) return this.m.noHosts;
    if (unreachable > 0) return hosts === 1 ? this.m.unreachable : this.m.unreachableSome(unreachable);
    if (online === hosts) return this.m.allOnline(hosts);
    return pending === hosts ? this.m.pending : this.m.someOnline(online, hosts);
  });
  protected readonly age = computed(() => {
    const since = this.figures().staleSince;
    return since === undefined ? '' : this.m.asOf(this.time.relative(since, this.clock.now()));
  });
}
