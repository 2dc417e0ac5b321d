import { CdkTrapFocus } from '@angular/cdk/a11y';
import { CdkConnectedOverlay, CdkOverlayOrigin } from '@angular/cdk/overlay';
import { Component, computed, inject, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import {
  mdiCheckboxBlankOutline,
  mdiCheckboxMarked,
  mdiServerOutline,
  mdiTagOutline,
  mdiUnfoldMoreHorizontal,
} from '@mdi/js';
import { Icon } from '../display/icon';
import { StatusDot, type Tone } from '../display/status-dot';
import { HostDirectory } from '../hosts/host-directory';
import { HostScope } from '../hosts/host-scope';
import { hostTone } from '../hosts/host-tone';
import { LiveFeed } from '../live/live-feed';
import { MESSAGES } from '../messages/messages';

/** Chooses which hosts every page shows: one, several, a tag, or all. */
@Component({
  selector: 'bailiff-host-switcher',
  imports: [CdkConnectedOverlay, CdkOverlayOrigin, CdkTrapFocus, Icon, RouterLink, StatusDot],
  templateUrl: './host-switcher.html',
  styleUrl: './host-switcher.scss',
})
export class HostSwitcher {
  protected readonly directory = inject(HostDirectory);
  protected readonly scope = inject(HostScope);
  private readonly feed = inject(LiveFeed);
  protected readonly m = inject(MESSAGES).shell.hosts;
  protected readonly states = inject(MESSAGES).hosts.states;
  protected readonly icons = {
    host: mdiServerOutline,
    tag: mdiTagOutline,
    open: mdiUnfoldMoreHorizontal,
    on: mdiCheckboxMarked,
    off: mdiCheckboxBlankOutline,
  };
  protected readonly isOpen = signal(false);
  protected readonly filter = signal('');
  protected readonly toneOf = hostTone;

  protected readonly hosts = computed(() => {
    const wanted = this.filter().trim().toLowerCase();
    return (this.directory.hosts() ?? []).filter((host) =>
      `${host.name} ${host.tags.join(' ')}`.toLowerCase().includes(wanted),
    );
  });
  protected readonly word = computed(() => {
    const entries = this.scope.entries();
    if (entries.length === 0) return this.directory.hosts()?.length === 0 ? this.m.none : this.m.all;
    const [only = ''] = entries;
    if (entries.length > 1) return this.m.some(this.scope.hosts().length);
    if (only.startsWith('tag:')) return this.m.tag(only.slice(4));
    return this.directory.byId(only)?.name ?? only;
  });
  protected readonly tone = computed<Tone>(() => {
    const tones = this.scope.hosts().map(hostTone);
    // Without a connection nobody knows.
    if (tones.length === 0 || this.feed.state() === 'stale') return 'off';
    if (tones.every((tone) => tone === 'danger')) return 'danger';
    if (tones.includes('danger') || tones.includes('warn')) return 'warn';
    return tones.includes('busy') ? 'busy' : 'ok';
  });

  protected close(): void {
    this.isOpen.set(false);
    this.filter.set('');
  }
}
