import { Clipboard } from '@angular/cdk/clipboard';
import { Component, inject, input, signal } from '@angular/core';
import { mdiCheck, mdiContentCopy } from '@mdi/js';
import { MESSAGES } from '../messages/messages';
import { Icon } from './icon';

/** Copies a text; a tick says that it did. Works on plain-HTTP pages too. */
@Component({
  selector: 'bailiff-copy',
  imports: [Icon],
  template: `<button
      type="button"
      (click)="copy($event)"
      [attr.aria-label]="m.copy + ' ' + (label() || text())"
      [title]="m.copy"
    >
      <bailiff-icon [path]="copied() ? icons.done : icons.copy" [size]="14" />
    </button>
    <span class="visually-hidden" aria-live="polite">{{ copied() ? m.copied : '' }}</span>`,
  styles: `
    :host {
      display: inline-flex;
    }
    button {
      display: inline-grid;
      place-items: center;
      width: 24px;
      height: 24px;
      padding: 0;
      border: 0;
      border-radius: var(--radius-s);
      background: none;
      color: var(--text-3);
      cursor: pointer;
    }
    button:hover {
      background: var(--hover);
      color: var(--text);
    }
  `,
})
export class CopyButton {
  private readonly clipboard = inject(Clipboard);
  readonly text = input.required<string>();
  /** What is copied, in words, when the text itself is long or secret. */
  readonly label = input('');

  protected readonly m = inject(MESSAGES).common;
  protected readonly icons = { copy: mdiContentCopy, done: mdiCheck };
  protected readonly copied = signal(false);

  protected copy(event: Event): void {
    event.stopPropagation();
    if (!this.clipboard.copy(this.text())) return;
    this.copied.set(true);
    setTimeout(() => this.copied.set(false), 1_500);
  }
}
