import { httpResource } from '@angular/common/http';
import { Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { AddressIgnores as IgnoresAnswer } from '@bailiff/contracts/http';
import { isolate } from '../display/isolate';
import { ProblemNotice } from '../display/problem-notice';
import { MESSAGES } from '../messages/messages';

const MAX_NAMED = 5;

/** The jails that never count an address, on all hosts: by their lists as they are in force, and by their files. */
@Component({
  selector: 'bailiff-address-ignores',
  imports: [ProblemNotice, RouterLink],
  template: `<section class="card" [attr.aria-busy]="answer.isLoading()">
    <h2>{{ m.title }}</h2>
    @if (answer.error(); as error) {
      <bailiff-problem [error]="error" [retryable]="true" (again)="answer.reload()" />
    } @else if (known(); as found) {
      <ul>
        @for (match of found.jails; track $index) {
          <li>
            <a
              class="untrusted"
              [routerLink]="['/jails', match.hostId, match.jail]"
              [queryParams]="{ tab: 'ignore' }"
              [attr.aria-label]="m.open(match.jail, match.hostName)"
              >{{ match.jail }}</a
            >
            <span class="untrusted muted">{{ match.hostName }}</span>
            @if (match.entry === null) {
              <span>{{ m.self }}</span>
            } @else {
              <span class="mono untrusted" dir="ltr">{{ match.entry }}</span>
            }
            <span class="muted">{{ sources[match.source] }}</span>
            @if (!match.isWhole) {
              <span class="muted">{{ m.part }}</span>
            }
          </li>
        } @empty {
          <li class="muted">{{ found.answered === 0 ? m.noHost : m.none(found.answered) }}</li>
        }
      </ul>
      @if (found.unresolved > 0) {
        <p class="muted">{{ m.unresolved(found.unresolved) }}</p>
      }
      @if (silent()) {
        <p class="muted untrusted">{{ m.silent(silent()) }}</p>
      }
    } @else {
      <p class="muted" aria-live="polite">{{ m.asking }}</p>
    }
  </section>`,
  styles: `
    section {
      padding: 14px 16px;
    }
    ul {
      max-height: 300px;
      padding: 0;
      overflow: auto;
      list-style: none;
    }
    li {
      display: flex;
      flex-wrap: wrap;
      gap: 2px 12px;
      padding: 6px 0;
      border-top: 1px solid var(--line);
    }
    li:first-child {
      border-top: 0;
    }
    li,
    p {
      font-size: var(--text-sm);
    }
  `,
})
export class AddressIgnores {
  private readonly all = inject(MESSAGES);
  protected readonly m = this.all.address.ignores;
  protected readonly sources = this.all.jail.ignore.sources;
  /** Canonical. */
  readonly address = input.required<string>();

  protected readonly answer = httpResource<IgnoresAnswer>(() => ({
    url: 'api/v1/addresses/ignored',
    params: { address: this.address() },
  }));
  protected readonly known = computed(() => (this.answer.hasValue() ? this.answer.value() : undefined));
  /** Hosts that did not answer, by name, those of one reason together. */
  protected readonly silent = computed(() => {
    const silent = this.known()?.silent ?? [];
    const byReason = Map.groupBy(silent, ({ code }) => this.#reason(code));
    return [...byReason]
      .map(([reason, hosts]) => {
        const named = hosts.slice(0, MAX_NAMED).map(({ hostName }) => isolate(hostName));
        return this.m.silentFor(named.join(', '), Math.max(0, hosts.length - MAX_NAMED), reason);
      })
      .join('; ');
  });

  #reason(code: string): string {
    return Object.entries(this.all.problems).find(([known]) => known === code)?.[1].title ?? code;
  }
}
