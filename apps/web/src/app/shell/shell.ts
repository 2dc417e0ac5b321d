import { CdkTrapFocus } from '@angular/cdk/a11y';
import { CdkVirtualScrollableElement } from '@angular/cdk/scrolling';
import { Component, computed, type ElementRef, inject, signal, viewChild } from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MatMenu, MatMenuItem, MatMenuTrigger } from '@angular/material/menu';
import { NavigationEnd, Router, RouterOutlet } from '@angular/router';
import {
  mdiAccountCircleOutline,
  mdiAlertOutline,
  mdiCheck,
  mdiLogout,
  mdiMagnify,
  mdiMenu,
  mdiThemeLightDark,
  mdiWeatherNight,
  mdiWeatherSunny,
} from '@mdi/js';
import { ConsoleLog } from '../console/console-log';
import { ConsolePanel } from '../console/console-panel';
import { ConsoleToggle } from '../console/console-toggle';
import { Icon } from '../display/icon';
import { LiveFeed } from '../live/live-feed';
import { MESSAGES } from '../messages/messages';
import { Session } from '../session/session';
import { Clock } from '../time/clock';
import { TimeFormat } from '../time/time-format';
import { CommandPaletteOpener } from './command-palette-opener';
import { HostSwitcher } from './host-switcher';
import { LiveIndicator } from './live-indicator';
import { Logo } from './logo';
import { Navigation } from './navigation';
import { StatusStrip } from './status-strip';
import { TabSign } from './tab-sign';
import { Theme, THEMES } from './theme';

/** The frame of every page behind the login: navigation, top bar, status strip, content. */
@Component({
  selector: 'bailiff-shell',
  imports: [
    CdkTrapFocus,
    CdkVirtualScrollableElement,
    ConsolePanel,
    ConsoleToggle,
    HostSwitcher,
    Icon,
    LiveIndicator,
    Logo,
    MatButton,
    MatIconButton,
    MatMenu,
    MatMenuItem,
    MatMenuTrigger,
    Navigation,
    RouterOutlet,
    StatusStrip,
  ],
  templateUrl: './shell.html',
  styleUrl: './shell.scss',
  host: { '(document:keydown)': 'shortcut($event)', '[class.with-console]': 'console.isOpen()' },
})
export class Shell {
  private readonly router = inject(Router);
  private readonly palette = inject(CommandPaletteOpener);
  private readonly time = inject(TimeFormat);
  private readonly clock = inject(Clock);
  private readonly content = viewChild<ElementRef<HTMLElement>>('content');
  protected readonly session = inject(Session);
  protected readonly theme = inject(Theme);
  protected readonly feed = inject(LiveFeed);
  protected readonly console = inject(ConsoleLog);
  private readonly consoleToggle = viewChild.required(ConsoleToggle);
  protected readonly m = inject(MESSAGES).shell;
  protected readonly consoleFailed = inject(MESSAGES).console.failed;
  protected readonly themes = THEMES;
  protected readonly icons = {
    menu: mdiMenu,
    search: mdiMagnify,
    user: mdiAccountCircleOutline,
    logout: mdiLogout,
    check: mdiCheck,
    alert: mdiAlertOutline,
    theme: { system: mdiThemeLightDark, light: mdiWeatherSunny, dark: mdiWeatherNight },
  };
  protected readonly isDrawerOpen = signal(false);
  protected readonly staleAt = computed(() => this.time.clock(this.feed.heardAt() ?? this.clock.now()));

  constructor() {
    inject(TabSign);
    let path = '';
    this.router.events.subscribe((event) => {
      if (!(event instanceof NavigationEnd)) return;
      const next = event.urlAfterRedirects.split('?')[0] ?? '';
      if (next !== path) this.content()?.nativeElement.scrollTo({ top: 0 });
      path = next;
    });
  }

  protected search(): void {
    void this.palette.open();
  }

  protected async logout(): Promise<void> {
    await this.session.logout();
    await this.router.navigate(['/login'], { queryParams: { why: 'out' } });
  }

  protected closeConsole(): void {
    this.console.close();
    this.consoleToggle().focus();
  }

  protected skip(): void {
    this.content()?.nativeElement.focus();
  }

  protected shortcut(event: KeyboardEvent): void {
    const isTyping =
      event.target instanceof Element && event.target.closest('input, textarea, select, [contenteditable]') !== null;
    const isSlash = event.key === '/' && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey;
    const isCtrlK = event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey);
    if (!isSlash && !isCtrlK) return;
    event.preventDefault();
    this.search();
  }
}
