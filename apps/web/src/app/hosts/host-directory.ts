import { httpResource } from '@angular/common/http';
import { computed, DestroyRef, inject, linkedSignal, Service } from '@angular/core';
import type { HostInfo } from '@bailiff/contracts/http';
import { LiveFeed } from '../live/live-feed';
import { Session } from '../session/session';

/** All hosts this console knows, kept current by the live feed. Removed ones are left out. */
@Service()
export class HostDirectory {
  private readonly session = inject(Session);
  private readonly resource = httpResource<readonly HostInfo[]>(() =>
    this.session.isSignedIn() ? 'api/v1/hosts' : undefined,
  );
  private readonly known = linkedSignal<readonly HostInfo[] | undefined, readonly HostInfo[] | undefined>({
    source: () => (this.resource.hasValue() ? this.resource.value() : undefined),
    // While it reloads, what was known stays.
    computation: (loaded, previous) => loaded ?? previous?.value,
  });

  /** undefined until first loaded. */
  readonly hosts = computed(() =>
    this.known()
      ?.filter((host) => host.state !== 'revoked')
      .toSorted((a, b) => a.name.localeCompare(b.name)),
  );
  readonly error = this.resource.error;
  readonly isLoading = this.resource.isLoading;
  readonly tags = computed(() => [...new Set((this.hosts() ?? []).flatMap((host) => host.tags))].sort());

  constructor() {
    const live = inject(LiveFeed);
    const destroyRef = inject(DestroyRef);
    live.on(['host_status'], destroyRef, ({ host }) => this.put(host));
    live.on(['resync'], destroyRef, () => this.reload());
  }

  reload(): void {
    this.resource.reload();
  }

  /** Takes over what an answer or the feed said about one host. */
  put(host: HostInfo): void {
    this.known.update((hosts = []) =>
      hosts.some(({ id }) => id === host.id) ? hosts.map((old) => (old.id === host.id ? host : old)) : [...hosts, host],
    );
  }

  byId(id: string): HostInfo | undefined {
    return this.hosts()?.find((host) => host.id === id);
  }
}
