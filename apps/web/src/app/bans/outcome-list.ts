import { Component, inject, input } from '@angular/core';
import type { BanOutcome } from '@bailiff/contracts/http';
import { HostDirectory } from '../hosts/host-directory';
import { MESSAGES } from '../messages/messages';

const SHOWN = 50;

/** What could not be done, one by one, with what fail2ban or the host said. */
@Component({
  selector: 'bailiff-outcomes',
  template: `<ul role="alert">
    @for (outcome of outcomes().slice(0, shown); track $index) {
      <li>
        <span class="mono">{{ outcome.address }}</span>
        <span class="muted">{{ outcome.jail }} · {{ hostName(outcome.hostId) }}</span>
        <strong>{{ m.outcomes[outcome.result] }}</strong>
        @if (outcome.detail) {
          <span class="detail untrusted" dir="auto">{{ outcome.detail }}</span>
        }
      </li>
    }
  </ul>`,
  styles: `
    :host {
      display: block;
      max-height: 220px;
      overflow: auto;
    }
    ul {
      padding: 0;
      list-style: none;
    }
    li {
      display: flex;
      flex-wrap: wrap;
      gap: 4px 10px;
      padding: 6px 0;
      border-top: 1px solid var(--line);
      font-size: var(--text-sm);
    }
    strong {
      color: var(--danger);
      font-weight: 550;
    }
    .detail {
      flex-basis: 100%;
      color: var(--text-2);
    }
  `,
})
export class OutcomeList {
  private readonly directory = inject(HostDirectory);
  protected readonly m = inject(MESSAGES).bans.result;
  protected readonly shown = SHOWN;
  readonly outcomes = input.required<readonly BanOutcome[]>();

  protected hostName(id: string): string {
    return this.directory.byId(id)?.name ?? id;
  }
}
