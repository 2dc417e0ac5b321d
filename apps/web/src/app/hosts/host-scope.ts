import { computed, inject, Service } from '@angular/core';
import type { HostInfo } from '@bailiff/contracts/http';
import { UrlQuery } from '../url/url-query';
import { HostDirectory } from './host-directory';

const TAG = 'tag:';
/** Matches no host: what is asked for when a tag has none left, since an empty list would mean all. */
const NO_HOST = '0000000000000000';

/**
 * Which hosts every page shows. The choice is the `hosts` parameter of the address (host ids and `tag:<tag>`, separated by
 * commas; absent: all), so that a link carries it.
 */
@Service()
export class HostScope {
  private readonly directory = inject(HostDirectory);
  private readonly url = inject(UrlQuery);

  /** The entries as they stand in the address. */
  readonly entries = computed(() => (this.url.params()['hosts'] ?? '').split(',').filter((entry) => entry !== ''));
  readonly isAll = computed(() => this.entries().length === 0);

  /** The hosts chosen, as far as they are known. */
  readonly hosts = computed<readonly HostInfo[]>(() => {
    const all = this.directory.hosts() ?? [];
    if (this.isAll()) return all;
    const entries = new Set(this.entries());
    return all.filter((host) => entries.has(host.id) || host.tags.some((tag) => entries.has(TAG + tag)));
  });

  /** Value of the API's `hosts` parameter; undefined means all. */
  readonly param = computed<string | undefined>(() => {
    if (this.isAll()) return undefined;
    const plain = this.entries().filter((entry) => /^[0-9a-f]{16}$/.test(entry));
    const ids = [...new Set([...plain, ...this.hosts().map((host) => host.id)])].sort();
    return ids.length === 0 ? NO_HOST : ids.join(',');
  });

  /** Query parameters that links to other pages carry. */
  readonly link = computed<Readonly<Record<string, string>>>(() =>
    this.isAll() ? {} : { hosts: this.entries().join(',') },
  );

  /** Whether rows of a host are shown. */
  includes(hostId: string): boolean {
    return this.isAll() || this.entries().includes(hostId) || this.hosts().some((host) => host.id === hostId);
  }

  chooseAll(): void {
    this.choose([]);
  }

  /** `entries`: host ids and `tag:<tag>`. */
  choose(entries: readonly string[]): void {
    this.url.patch({ hosts: entries.length === 0 ? undefined : entries.join(',') });
  }

  toggle(entry: string): void {
    const entries = this.entries();
    this.choose(entries.includes(entry) ? entries.filter((each) => each !== entry) : [...entries, entry]);
  }

  /** Entry that stands for all hosts with a tag. */
  tagEntry(tag: string): string {
    return TAG + tag;
  }
}
