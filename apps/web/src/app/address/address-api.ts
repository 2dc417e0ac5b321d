import { HttpClient, httpResource } from '@angular/common/http';
import { computed, DestroyRef, effect, inject, signal, type Signal, untracked } from '@angular/core';
import type { AddressReport, HistoryEntry, LookupInfo, LookupKind, Page } from '@bailiff/contracts/http';
import { overlaps, tryParseNetwork } from '@bailiff/ip';
import { firstValueFrom, type Subscription } from 'rxjs';
import { LiveFeed } from '../live/live-feed';

const PAGE = 50;
const MAX_FAILURES = 20;
/** Answers come over the live feed; while that is away one looks now and then. */
const LOOK_AGAIN_MS = 5_000;

/** A failure seen while the page is open; the archive keeps none. */
export interface LiveFailure {
  readonly hostId: string;
  readonly jail: string;
  readonly at: string;
}

/** What an address's page shows, kept up to date by the live feed. Make it in an injection context. */
export class AddressData {
  private readonly http = inject(HttpClient);
  private readonly resource;
  private readonly eventsSignal = signal<readonly HistoryEntry[]>([]);
  private readonly eventsState = signal<'loading' | 'ready' | 'failed'>('loading');
  private readonly failuresSignal = signal<readonly LiveFailure[]>([]);
  private cursor = signal<string | null>(null);
  private request: Subscription | undefined;

  readonly report: Signal<AddressReport | undefined>;
  readonly error: Signal<unknown>;
  /** Newest first. */
  readonly events = this.eventsSignal.asReadonly();
  readonly eventsPhase = this.eventsState.asReadonly();
  readonly hasOlder = computed(() => this.cursor() !== null);
  readonly failures = this.failuresSignal.asReadonly();

  /** @param address canonical; undefined: malformed, nothing is asked */
  constructor(private readonly address: Signal<string | undefined>) {
    const live = inject(LiveFeed);
    const destroyRef = inject(DestroyRef);
    this.resource = httpResource<AddressReport>(() => {
      const about = address();
      return about === undefined ? undefined : { url: 'api/v1/addresses', params: { address: about } };
    });
    this.report = computed(() => {
      const report = this.resource.hasValue() ? this.resource.value() : undefined;
      return report?.address === address() ? report : undefined;
    });
    this.error = this.resource.error;
    effect(() => {
      address();
      untracked(() => this.loadEvents(true));
    });
    live.on(['ban_event', 'unban_event'], destroyRef, ({ event }) => {
      if (!this.concerns(event.address)) return;
      this.eventsSignal.update((events) => [event, ...events.filter(({ id }) => id !== event.id)]);
      this.resource.reload();
    });
    live.on(['found_event'], destroyRef, (failure) => {
      if (!this.concerns(failure.address)) return;
      this.failuresSignal.update((known) => [failure, ...known].slice(0, MAX_FAILURES));
    });
    live.on(['geo_resolved'], destroyRef, ({ entries }) => {
      if (entries.some((entry) => this.concerns(entry.address))) this.resource.reload();
    });
    live.on(['resync'], destroyRef, () => this.reload());
    destroyRef.onDestroy(() => this.request?.unsubscribe());
  }

  reload(): void {
    this.resource.reload();
    this.loadEvents(true);
  }

  loadOlder(): void {
    if (this.cursor() !== null && this.eventsState() !== 'loading') this.loadEvents(false);
  }

  private concerns(text: string): boolean {
    const about = tryParseNetwork(this.address() ?? '');
    const other = tryParseNetwork(text);
    return about !== undefined && other !== undefined && overlaps(about, other);
  }

  private loadEvents(isNew: boolean): void {
    const address = this.address();
    this.request?.unsubscribe();
    if (isNew) {
      this.eventsSignal.set([]);
      this.failuresSignal.set([]);
      this.cursor.set(null);
    }
    if (address === undefined) return;
    this.eventsState.set('loading');
    const cursor = this.cursor();
    const params = { address, limit: PAGE, ...(cursor === null ? {} : { cursor }) };
    this.request = this.http.get<Page<HistoryEntry>>('api/v1/addresses/events', { params }).subscribe({
      next: ({ items, nextCursor }) => {
        this.eventsSignal.update((known) => {
          const ids = new Set(known.map(({ id }) => id));
          return [...known, ...items.filter(({ id }) => !ids.has(id))];
        });
        this.cursor.set(nextCursor);
        this.eventsState.set('ready');
      },
      error: () => this.eventsState.set('failed'),
    });
  }
}

/** Answers about an address; those that are due are asked for when it is opened. Make it in an injection context. */
export class LookupData {
  private readonly http = inject(HttpClient);
  private readonly infos = signal<readonly LookupInfo[] | undefined>(undefined);
  private readonly problem = signal<unknown>(undefined);
  private about: string | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  readonly all = this.infos.asReadonly();
  readonly error = this.problem.asReadonly();

  /** @param address canonical; undefined: nothing is asked */
  constructor(address: Signal<string | undefined>) {
    const destroyRef = inject(DestroyRef);
    effect(() => {
      const about = address();
      untracked(() => void this.open(about));
    });
    inject(LiveFeed).on(['lookup_answered'], destroyRef, ({ address: answered }) => {
      if (answered === this.about) void this.load();
    });
    destroyRef.onDestroy(() => clearTimeout(this.timer));
  }

  /** Asks again, whatever is known. */
  async ask(kinds: readonly LookupKind[], refresh: boolean): Promise<void> {
    const address = this.about;
    if (address === undefined || kinds.length === 0) return;
    await this.take(this.http.post<readonly LookupInfo[]>('api/v1/lookups', { address, kinds, refresh }));
  }

  private async open(address: string | undefined): Promise<void> {
    this.about = address;
    this.infos.set(undefined);
    this.problem.set(undefined);
    await this.load();
    const due = (this.infos() ?? []).filter(({ state, isStale }) => isStale && state !== 'asking');
    await this.ask(
      due.map(({ kind }) => kind),
      false,
    );
  }

  private async load(): Promise<void> {
    const address = this.about;
    if (address === undefined) return;
    await this.take(this.http.get<readonly LookupInfo[]>('api/v1/lookups', { params: { address } }));
  }

  private async take(answer: ReturnType<typeof this.http.get<readonly LookupInfo[]>>): Promise<void> {
    const asked = this.about;
    try {
      const infos = await firstValueFrom(answer);
      if (asked !== this.about) return;
      this.infos.set(infos);
      this.problem.set(undefined);
      clearTimeout(this.timer);
      if (infos.some(({ state }) => state === 'asking')) this.timer = setTimeout(() => void this.load(), LOOK_AGAIN_MS);
    } catch (error) {
      if (asked === this.about) this.problem.set(error);
    }
  }
}
