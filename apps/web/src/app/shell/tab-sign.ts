import { computed, DestroyRef, DOCUMENT, effect, inject, Service, signal } from '@angular/core';
import { Title } from '@angular/platform-browser';
import { type RouterStateSnapshot, TitleStrategy } from '@angular/router';
import { HostScope } from '../hosts/host-scope';
import { LiveFeed } from '../live/live-feed';
import { MESSAGES } from '../messages/messages';

/** The page's own part of the title. */
@Service()
export class PageTitle {
  readonly text = signal('');
}

/** Takes the title of the route; {@link TabSign} puts it into the tab. */
@Service()
export class PageTitleStrategy extends TitleStrategy {
  private readonly page = inject(PageTitle);
  private readonly title = inject(Title);
  private readonly m = inject(MESSAGES);

  override updateTitle(snapshot: RouterStateSnapshot): void {
    const page = this.buildTitle(snapshot) ?? '';
    this.page.text.set(page);
    this.title.setTitle(page === '' ? this.m.common.appName : this.m.shell.titles.page(page));
  }
}

/** Says in the browser's tab what goes on: bans since one last looked, and whether the connection holds. */
@Service()
export class TabSign {
  private readonly document = inject(DOCUMENT);
  private readonly title = inject(Title);
  private readonly page = inject(PageTitle);
  private readonly feed = inject(LiveFeed);
  private readonly m = inject(MESSAGES);
  private readonly unseen = signal(0);

  private readonly text = computed(() => {
    const page = this.page.text();
    const title = page === '' ? this.m.common.appName : this.m.shell.titles.page(page);
    return this.unseen() === 0 ? title : this.m.shell.titles.withCount(this.unseen(), title);
  });
  private readonly icon = computed(() =>
    this.feed.state() === 'stale' ? 'favicon-stale.svg' : this.unseen() > 0 ? 'favicon-new.svg' : 'favicon.svg',
  );

  constructor() {
    const scope = inject(HostScope);
    const destroyRef = inject(DestroyRef);
    this.feed.on(['ban_event'], destroyRef, ({ event }) => {
      if (this.document.hidden && scope.includes(event.hostId)) this.unseen.update((n) => n + 1);
    });
    const seen = (): void => {
      if (!this.document.hidden) this.unseen.set(0);
    };
    this.document.addEventListener('visibilitychange', seen);
    destroyRef.onDestroy(() => this.document.removeEventListener('visibilitychange', seen));
    effect(() => this.title.setTitle(this.text()));
    effect(() => this.document.querySelector('#favicon')?.setAttribute('href', this.icon()));
  }
}
