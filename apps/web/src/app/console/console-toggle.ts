import { Component, ElementRef, inject, viewChild } from '@angular/core';
import { MatIconButton } from '@angular/material/button';
import { mdiConsoleLine } from '@mdi/js';
import { Icon } from '../display/icon';
import { MESSAGES } from '../messages/messages';
import { ConsoleLog } from './console-log';

/** Opens and closes the console; not there unless there is one. */
@Component({
  selector: 'bailiff-console-toggle',
  imports: [Icon, MatIconButton],
  template: `@if (log.isOn()) {
    <button
      matIconButton
      type="button"
      #button
      [attr.aria-label]="m.toggle"
      [attr.aria-expanded]="log.isOpen()"
      [title]="m.toggle"
      (click)="log.toggle()"
    >
      <bailiff-icon [path]="icon" [size]="20" />
    </button>
  }`,
  styles: `
    [aria-expanded='true'] {
      background: var(--selected);
      color: var(--accent);
    }
  `,
})
export class ConsoleToggle {
  private readonly button = viewChild<unknown, ElementRef<HTMLElement>>('button', { read: ElementRef });
  protected readonly log = inject(ConsoleLog);
  protected readonly m = inject(MESSAGES).console;
  protected readonly icon = mdiConsoleLine;

  focus(): void {
    this.button()?.nativeElement.focus();
  }
}
