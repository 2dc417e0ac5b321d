import { DOCUMENT, inject, Service, signal } from '@angular/core';

export const THEMES = ['system', 'light', 'dark'] as const;
export type ThemeName = (typeof THEMES)[number];

const SLOT = 'bailiff.theme';

/** Light, dark, or as the system; kept in this browser (theme.js applies it before the first paint). */
@Service()
export class Theme {
  private readonly root = inject(DOCUMENT).documentElement;
  private readonly state = signal<ThemeName>(this.initial());
  readonly current = this.state.asReadonly();

  choose(theme: ThemeName): void {
    this.state.set(theme);
    if (theme === 'system') delete this.root.dataset['theme'];
    else this.root.dataset['theme'] = theme;
    try {
      if (theme === 'system') localStorage.removeItem(SLOT);
      else localStorage.setItem(SLOT, theme);
    } catch {
      // No storage: the choice lasts for this page.
    }
  }

  private initial(): ThemeName {
    const theme = this.root.dataset['theme'];
    return theme === 'light' || theme === 'dark' ? theme : 'system';
  }
}
