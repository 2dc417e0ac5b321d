import { Component, computed, inject, input } from '@angular/core';
import type { HistoryEntry } from '@bailiff/contracts/http';
import { MESSAGES } from '../messages/messages';
import { MarkedLine } from './marked-line';

/** Lines shown at most; the timeline's older events have more. */
const MAX_LINES = 200;

/** The log lines behind the bans on the timeline, each once. */
@Component({
  selector: 'bailiff-address-lines',
  imports: [MarkedLine],
  template: `<section class="card">
    <h2>{{ m.lines }}</h2>
    @if (lines().length > 0) {
      <p class="muted">{{ m.linesBody }}</p>
      <ol tabindex="0" [attr.aria-label]="m.lines">
        @for (entry of lines(); track $index) {
          <li>
            <span class="muted untrusted">{{ entry.jail }} · {{ entry.hostName }}</span>
            <bailiff-marked-line [line]="entry.line" [address]="address()" [url]="entry.url" />
          </li>
        }
      </ol>
    } @else {
      <p class="muted">{{ m.linesEmpty }}</p>
    }
  </section>`,
  styles: `
    section {
      padding: 14px 16px 16px;
    }
    p {
      margin-bottom: 8px;
      font-size: var(--text-sm);
    }
    p:last-child {
      margin-bottom: 0;
    }
    ol {
      display: grid;
      gap: 1px;
      max-height: 420px;
      padding: 0;
      overflow: auto;
      border: 1px solid var(--line);
      border-radius: var(--radius);
      background: var(--line);
      list-style: none;
    }
    li {
      padding: 6px 10px;
      background: var(--inset);
    }
    li > span {
      font-size: var(--text-xs);
    }
  `,
})
export class AddressLines {
  protected readonly m = inject(MESSAGES).address;
  readonly events = input.required<readonly HistoryEntry[]>();
  readonly address = input.required<string>();

  protected readonly lines = computed(() => {
    // Bans that follow one another carry the same lines along.
    const seen = new Set<string>();
    return this.events()
      .flatMap(({ matches, jail, hostName, requestUrl }) =>
        matches.toReversed().map((line) => ({ line, jail, hostName, url: requestUrl })),
      )
      .filter(({ line, hostName }) => {
        const key = `${hostName}\n${line}`;
        return seen.has(key) ? false : Boolean(seen.add(key));
      })
      .slice(0, MAX_LINES);
  });
}
