import { Component, inject, output } from '@angular/core';
import { MatIconButton } from '@angular/material/button';
import { mdiClose } from '@mdi/js';
import { Icon } from '../display/icon';
import { MESSAGES } from '../messages/messages';

/** Details beside a list instead of a page of their own; over it where room is short. */
@Component({
  selector: 'bailiff-side-panel',
  imports: [Icon, MatIconButton],
  template: `<header>
      <h2>{{ m.details }}</h2>
      <button matIconButton type="button" [attr.aria-label]="m.closeDetails" (click)="dismiss.emit()">
        <bailiff-icon [path]="icon" />
      </button>
    </header>
    <div class="body" tabindex="-1"><ng-content /></div>`,
  host: { role: 'complementary', '[attr.aria-label]': 'm.details', '(keydown.escape)': 'dismiss.emit()' },
  styles: `
    :host {
      display: flex;
      flex-direction: column;
      overflow: hidden;
      border: 1px solid var(--line);
      border-radius: var(--radius-l);
      background: var(--raised);
    }
    header {
      display: flex;
      align-items: center;
      justify-content: space-between;
      padding: 4px 6px 4px 16px;
      border-bottom: 1px solid var(--line);
    }
    .body {
      flex: 1;
      min-height: 0;
      padding: 16px;
      overflow: auto;
      outline: none;
    }
  `,
})
export class SidePanel {
  protected readonly m = inject(MESSAGES).table;
  protected readonly icon = mdiClose;
  readonly dismiss = output();
}
