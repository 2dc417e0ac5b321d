import { Component, computed, inject, input, output } from '@angular/core';
import type { DashboardSummary } from '@bailiff/contracts/http';
import { Format } from '../display/format';
import { Icon } from '../display/icon';
import { Sparkline } from '../display/sparkline';
import { MESSAGES } from '../messages/messages';
import { figureChange } from './figure-change';

/** The network with the most bans: who, how many, which way it goes; a click shows only its bans. */
@Component({
  selector: 'bailiff-worst-card',
  imports: [Icon, Sparkline],
  template: `<article class="card">
    <h2>{{ m.worst }}</h2>
    @if (summary() === undefined) {
      <span class="bone"></span>
    } @else {
      @if (worst(); as network) {
        <p class="value">
          <button
            type="button"
            class="ellipsis untrusted"
            [title]="hint()"
            [attr.aria-pressed]="isChosen()"
            (click)="choose.emit()"
          >
            {{ network.name ?? network.label }}
          </button>
        </p>
        <p class="note">
          @if (network.name !== null) {
            <span class="mono">{{ network.label }}</span> ·
          }
          {{ amount() }}
        </p>
        @if (change(); as moved) {
          <p class="note">
            @if (moved.icon) {
              <bailiff-icon [path]="moved.icon" [size]="14" />
            }
            {{ moved.text }}
          </p>
        }
        <bailiff-sparkline class="spark" [series]="network.figure.series" [label]="m.worst" />
      } @else {
        <p class="value none">–</p>
        <p class="note">{{ m.none }}</p>
      }
    }
  </article>`,
  styleUrl: './worst-card.scss',
})
export class WorstCard {
  private readonly format = inject(Format);
  private readonly dashboard = inject(MESSAGES).dashboard;
  protected readonly m = inject(MESSAGES).stats;
  /** undefined while loading. */
  readonly summary = input.required<DashboardSummary | undefined>();
  /** Whether the list is filtered by it. */
  readonly isChosen = input(false);
  readonly choose = output();

  protected readonly worst = computed(() => this.summary()?.worstNetwork ?? undefined);
  protected readonly amount = computed(() => {
    const { figure, sample = null } = this.worst() ?? {};
    const all = this.summary()?.bans.value ?? 0;
    if (figure === undefined) return '';
    if (sample !== null) return this.m.worstOfNewest(figure.value, sample);
    return this.m.worstShare(figure.value, this.format.percent(all === 0 ? 0 : Math.min(1, figure.value / all)));
  });
  protected readonly change = computed(() => {
    const figure = this.worst()?.figure;
    return figure === undefined || figure.previous === null
      ? undefined
      : figureChange(figure, this.dashboard, this.format);
  });
  protected readonly hint = computed(() => this.dashboard.filterBy(this.worst()?.label ?? ''));
}
