import { computed, DestroyRef, DOCUMENT, inject, Service, signal } from '@angular/core';
import { Theme } from '../shell/theme';
import { type ChartLook, HEAT_TOKENS, LOOK_TOKENS, SERIES_TOKENS } from './chart-look';

/** Reads the design tokens for charts and says when they change: by the theme menu, or with the system. */
@Service()
export class ChartLooks {
  private readonly document = inject(DOCUMENT);
  private readonly theme = inject(Theme);
  private readonly isSystemDark = this.media('(prefers-color-scheme: dark)');

  /** Whether motion is unwanted. */
  readonly isCalm = this.media('(prefers-reduced-motion: reduce)');

  /** The look of the theme in use. */
  readonly look = computed<ChartLook>(() => this.read(this.theme.current(), this.isSystemDark()));

  private read(theme: string, isSystemDark: boolean): ChartLook {
    // Tokens hold light-dark(), which only a property that takes a colour resolves.
    const probe = this.document.createElement('span');
    probe.hidden = true;
    this.document.body.append(probe);
    const style = this.document.defaultView?.getComputedStyle(probe);
    const colour = (token: string): string => {
      probe.style.color = `var(${token})`;
      return style?.color || '#888888';
    };
    try {
      const plain = Object.fromEntries(Object.entries(LOOK_TOKENS).map(([name, token]) => [name, colour(token)]));
      return {
        ...(plain as Record<keyof typeof LOOK_TOKENS, string>),
        isDark: theme === 'system' ? isSystemDark : theme === 'dark',
        series: SERIES_TOKENS.map(colour),
        heat: [colour(HEAT_TOKENS[0]), colour(HEAT_TOKENS[1]), colour(HEAT_TOKENS[2]), colour(HEAT_TOKENS[3])],
        font: style?.getPropertyValue('--font').trim() || 'sans-serif',
      };
    } finally {
      probe.remove();
    }
  }

  private media(query: string) {
    // jsdom has no media queries.
    const list: MediaQueryList | undefined = this.document.defaultView?.matchMedia?.(query);
    const matches = signal(list?.matches ?? false);
    const follow = (event: MediaQueryListEvent): void => matches.set(event.matches);
    list?.addEventListener('change', follow);
    inject(DestroyRef).onDestroy(() => list?.removeEventListener('change', follow));
    return matches.asReadonly();
  }
}
