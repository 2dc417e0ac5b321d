import { Component, inject } from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { Router } from '@angular/router';
import { mdiLogout, mdiThemeLightDark } from '@mdi/js';
import { Icon } from '../display/icon';
import { MESSAGES } from '../messages/messages';
import { Session } from '../session/session';
import { Logo } from '../shell/logo';
import { Theme } from '../shell/theme';
import { HelpDesk } from './help-desk';

/** All that somebody sees who signed in with the help desk's password: one page, and the way out. */
@Component({
  selector: 'bailiff-help-desk-frame',
  imports: [HelpDesk, Icon, Logo, MatButton, MatIconButton],
  template: `<header>
      <span class="brand"><bailiff-logo /> Bailiff</span>
      <span class="space"></span>
      <button matIconButton type="button" [attr.aria-label]="m.theme.label" [title]="m.theme.label" (click)="turn()">
        <bailiff-icon [path]="icons.theme" [size]="20" />
      </button>
      <button matButton type="button" (click)="logout()">
        <bailiff-icon [path]="icons.logout" [size]="16" /> {{ m.user.logout }}
      </button>
    </header>
    <main><bailiff-help-desk /></main>`,
  styles: `
    header {
      display: flex;
      align-items: center;
      gap: 8px;
      height: var(--topbar);
      padding: 0 16px 0 24px;
      border-bottom: 1px solid var(--line);
      background: var(--surface);
    }
    .brand {
      display: inline-flex;
      align-items: center;
      gap: 9px;
      font-size: 1rem;
      font-weight: 650;
    }
    .space {
      flex: 1;
    }
    main {
      max-width: 908px;
      margin: 0 auto;
      padding: 24px;
    }
    @media (max-width: 640px) {
      header {
        padding: 0 8px 0 12px;
      }
      main {
        padding: 16px 12px 32px;
      }
    }
  `,
})
export class HelpDeskFrame {
  private readonly router = inject(Router);
  private readonly session = inject(Session);
  private readonly theme = inject(Theme);
  protected readonly m = inject(MESSAGES).shell;
  protected readonly icons = { theme: mdiThemeLightDark, logout: mdiLogout };

  /** Between light and dark; at first the system's is left. */
  protected turn(): void {
    this.theme.choose(this.theme.current() === 'dark' ? 'light' : 'dark');
  }

  protected async logout(): Promise<void> {
    await this.session.logout();
    await this.router.navigate(['/login'], { queryParams: { why: 'out' } });
  }
}
