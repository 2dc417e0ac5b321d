import { Component, computed, inject, input, linkedSignal } from '@angular/core';
import { MESSAGES } from '../messages/messages';

/** Text shorter than this is shown whole: an access log line with a long user agent still is. */
export const FOLDS_ABOVE = 600;

/** Text of any length (the content): what is very long begins as a few lines, all of them a press away. All of it is in the page. */
@Component({
  selector: 'bailiff-folded',
  template: `<div [class.folded]="isFolded()"><ng-content /></div>
    @if (isLong()) {
      <button type="button" [attr.aria-expanded]="!isFolded()" (click)="turn($event)">
        {{ isFolded() ? m.showAllText(length()) : m.showLess }}
      </button>
    }`,
  styles: `
    :host {
      display: block;
      min-width: 0;
    }
    .folded {
      display: -webkit-box;
      overflow: hidden;
      -webkit-box-orient: vertical;
      -webkit-line-clamp: 3;
    }
    button {
      min-height: 24px;
      margin: 2px 0 0 -4px;
      padding: 0 4px;
      border: 0;
      border-radius: var(--radius-s);
      background: none;
      color: var(--accent);
      font: 500 var(--text-xs) / 1.25rem var(--font);
      cursor: pointer;
    }
    button:hover {
      text-decoration: underline;
    }
  `,
})
export class Folded {
  protected readonly m = inject(MESSAGES).common;
  /** Characters of the content. */
  readonly length = input.required<number>();
  /** Whether it begins whole, as something in it is looked for. */
  readonly whole = input(false);

  protected readonly isLong = computed(() => this.length() > FOLDS_ABOVE);
  private readonly isOpen = linkedSignal(() => this.whole());
  protected readonly isFolded = computed(() => this.isLong() && !this.isOpen());

  protected turn(event: Event): void {
    // What it lies in may open something when it is pressed.
    event.stopPropagation();
    this.isOpen.update((isOpen) => !isOpen);
  }
}
