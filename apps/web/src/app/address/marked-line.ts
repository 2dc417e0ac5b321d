import { Component, computed, input } from '@angular/core';
import { tryParseNetwork } from '@bailiff/ip';
import { Folded } from '../display/folded';
import { markLine } from './mark-line';

/** A log line as plain text, with the address and what it asked for marked. */
@Component({
  selector: 'bailiff-marked-line',
  imports: [Folded],
  template: `<bailiff-folded [length]="line().length">
    @for (part of parts(); track $index) {
      @if (part.mark === null) {
        <span>{{ part.text }}</span>
      } @else {
        <mark [class]="part.mark">{{ part.text }}</mark>
      }
    }
  </bailiff-folded>`,
  host: { class: 'untrusted', dir: 'auto' },
  styles: `
    :host {
      display: block;
      font: 400 0.75rem / 1.125rem var(--mono);
      font-variant-ligatures: none;
      white-space: pre-wrap;
    }
    mark {
      border-radius: 2px;
      background: var(--accent-soft);
      color: var(--accent-strong);
      font-weight: 600;
    }
    mark.url {
      background: var(--warn-soft);
      color: var(--warn);
    }
  `,
})
export class MarkedLine {
  readonly line = input.required<string>();
  /** The address or network the line is looked at for. */
  readonly address = input.required<string>();
  /** The URL asked for, as logged. */
  readonly url = input<string | null>(null);

  protected readonly parts = computed(() => {
    const network = tryParseNetwork(this.address());
    return network === undefined ? [{ text: this.line(), mark: null }] : markLine(this.line(), network, this.url());
  });
}
