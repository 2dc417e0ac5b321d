import { Component, input } from '@angular/core';

/** How something is. `idle` is a pause, `off` an absence. */
export type Tone = 'ok' | 'warn' | 'danger' | 'idle' | 'off' | 'busy';

/** A dot whose shape, not only its colour, tells the tone; the word beside it is the content. */
@Component({
  selector: 'bailiff-status',
  template: `<span class="dot" aria-hidden="true"></span><ng-content />`,
  host: { '[class]': 'tone()' },
  styles: `
    :host {
      display: inline-flex;
      align-items: center;
      gap: 7px;
      white-space: nowrap;
    }
    .dot {
      flex: none;
      width: 8px;
      height: 8px;
      border-radius: 50%;
      background: var(--ok);
    }
    :host(.ok) .dot {
      box-shadow: 0 0 0 3px color-mix(in srgb, var(--ok) 18%, transparent);
    }
    :host(.warn) .dot {
      border-radius: 1px;
      background: var(--warn);
      transform: rotate(45deg);
    }
    :host(.danger) .dot {
      border-radius: 1px;
      background: var(--danger);
    }
    :host(.idle) .dot {
      border: 2px solid var(--text-3);
      background: none;
    }
    :host(.off) .dot {
      width: 8px;
      height: 2px;
      border-radius: 1px;
      background: var(--text-3);
    }
    :host(.busy) .dot {
      border: 2px solid var(--warn);
      border-right-color: transparent;
      background: none;
      animation: turn 1s linear infinite;
    }
    @keyframes turn {
      to {
        transform: rotate(360deg);
      }
    }
  `,
})
export class StatusDot {
  readonly tone = input.required<Tone>();
}
