import { inject, Service } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { NavigationEnd, Router } from '@angular/router';
import { filter, map, startWith } from 'rxjs';

/** The query string as a signal, and the one way to change it: what a page shows can be shared as a link. */
@Service()
export class UrlQuery {
  private readonly router = inject(Router);
  /** Changes asked for that no finished navigation holds yet: a second change would otherwise undo the first. */
  private pending: Record<string, string | null> = {};

  /** Parameters of the current address; a repeated one is its first value. */
  readonly params = toSignal(
    this.router.events.pipe(
      filter((event) => event instanceof NavigationEnd),
      map((event) => this.read(event.urlAfterRedirects)),
      startWith(this.read(this.router.url)),
    ),
    { requireSync: true },
  );

  /** Changes some parameters of the current address (undefined: remove) without a new entry in the browser's history. */
  patch(changes: Readonly<Record<string, string | undefined>>): void {
    for (const [name, value] of Object.entries(changes)) this.pending[name] = value ?? null;
    void this.router
      .navigate([], { queryParams: this.pending, queryParamsHandling: 'merge', replaceUrl: true })
      .then((done) => {
        if (done !== false) this.pending = {};
      });
  }

  private read(url: string): Readonly<Record<string, string>> {
    const { queryParamMap } = this.router.parseUrl(url);
    return Object.fromEntries(queryParamMap.keys.map((key) => [key, queryParamMap.get(key) ?? '']));
  }
}
