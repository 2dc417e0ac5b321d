import { httpResource } from '@angular/common/http';
import { computed, DestroyRef, inject, linkedSignal, Service } from '@angular/core';
import type { JailInfo } from '@bailiff/contracts/http';
import { HostScope } from '../hosts/host-scope';
import { LiveFeed } from '../live/live-feed';
import { Session } from '../session/session';

/** The figures of a jail are asked for again so long after something happened there, and not more often. */
const REFRESH_MS = 2_000;

/** Jails of the chosen hosts, with their figures. */
@Service()
export class JailDirectory {
  private readonly session = inject(Session);
  private readonly scope = inject(HostScope);
  private readonly resource = httpResource<readonly JailInfo[]>(() => {
    if (!this.session.isSignedIn()) return undefined;
    const hosts = this.scope.param();
    return { url: 'api/v1/jails', params: hosts === undefined ? {} : { hosts } };
  });
  private readonly known = linkedSignal<readonly JailInfo[] | undefined, readonly JailInfo[] | undefined>({
    source: () => (this.resource.hasValue() ? this.resource.value() : undefined),
    computation: (loaded, previous) => loaded ?? previous?.value,
  });
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** undefined until first loaded. */
  readonly jails = computed(() => this.known()?.filter((jail) => this.scope.includes(jail.hostId)));
  readonly error = this.resource.error;
  /** Names, each once, sorted. */
  readonly names = computed(() => [...new Set((this.jails() ?? []).map(({ name }) => name))].sort());

  constructor() {
    const destroyRef = inject(DestroyRef);
    inject(LiveFeed).on(['ban_event', 'unban_event', 'found_event', 'host_status', 'resync'], destroyRef, () => {
      this.timer ??= setTimeout(() => {
        this.timer = undefined;
        this.reload();
      }, REFRESH_MS);
    });
    destroyRef.onDestroy(() => clearTimeout(this.timer));
  }

  reload(): void {
    this.resource.reload();
  }
}
