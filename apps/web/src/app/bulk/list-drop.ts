import { Component, computed, ElementRef, inject, input, output, signal, viewChild } from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { mdiClose, mdiFileDocumentOutline, mdiTrayArrowUp } from '@mdi/js';
import { Icon } from '../display/icon';
import { MESSAGES } from '../messages/messages';

/** What the server reads at most, bytes. */
export const MAX_LIST_BYTES = 8 * 1024 * 1024;

/** Takes one text file, dropped or chosen. */
@Component({
  selector: 'bailiff-list-drop',
  imports: [Icon, MatButton, MatIconButton],
  template: `@if (file(); as chosen) {
      <bailiff-icon [path]="icons.file" [size]="20" />
      <span class="name untrusted" dir="auto">{{ m.fileChosen(chosen.name || m.pasted, size()) }}</span>
      <button
        matIconButton
        type="button"
        [attr.aria-label]="m.removeFile"
        [title]="m.removeFile"
        (click)="changed.emit(undefined)"
      >
        <bailiff-icon [path]="icons.remove" [size]="18" />
      </button>
    } @else {
      <bailiff-icon [path]="icons.drop" [size]="20" />
      <span>{{ isOver() ? m.dropHere : m.drop }}</span>
      <button matButton="outlined" type="button" (click)="pick()">{{ m.choose }}</button>
    }
    <input
      #picker
      type="file"
      hidden
      tabindex="-1"
      accept=".txt,.csv,.list,.ipset,.netset,.conf,text/*"
      (change)="take(picker.files)"
    />`,
  host: {
    '[class.over]': 'isOver()',
    '[class.filled]': 'file() !== undefined',
    '(dragover)': 'over($event)',
    '(dragleave)': 'isOver.set(false)',
    '(drop)': 'drop($event)',
  },
  styles: `
    :host {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      justify-content: center;
      gap: 8px 12px;
      min-height: 64px;
      padding: 10px 14px;
      border: 1px dashed var(--control);
      border-radius: var(--radius);
      color: var(--text-2);
    }
    :host(.over) {
      border-color: var(--accent);
      background: var(--accent-soft);
    }
    :host(.filled) {
      border-style: solid;
      background: var(--inset);
    }
    .name {
      overflow: hidden;
      min-width: 0;
      max-width: 60ch;
      color: var(--text);
      text-overflow: ellipsis;
    }
  `,
})
export class ListDrop {
  protected readonly m = inject(MESSAGES).bulk;
  protected readonly icons = { drop: mdiTrayArrowUp, file: mdiFileDocumentOutline, remove: mdiClose };
  protected readonly isOver = signal(false);
  private readonly picker = viewChild.required<ElementRef<HTMLInputElement>>('picker');
  readonly file = input<File>();
  /** A file was chosen, or taken off. */
  readonly changed = output<File | undefined>();

  protected readonly size = computed(() => {
    const bytes = this.file()?.size ?? 0;
    return bytes < 1024 * 100 ? `${(bytes / 1024).toFixed(1)} kB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
  });

  protected pick(): void {
    this.picker().nativeElement.click();
  }

  protected take(files: FileList | null): void {
    const file = files?.item(0);
    if (file) this.changed.emit(file);
    this.picker().nativeElement.value = '';
  }

  protected over(event: DragEvent): void {
    event.preventDefault();
    this.isOver.set(true);
  }

  protected drop(event: DragEvent): void {
    event.preventDefault();
    this.isOver.set(false);
    this.take(event.dataTransfer?.files ?? null);
  }
}
