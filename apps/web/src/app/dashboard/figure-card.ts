import { Component, computed, inject, input } from '@angular/core';
import type { DashboardFigure } from '@bailiff/contracts/http';
import { Format } from '../display/format';
import { Icon } from '../display/icon';
import { Sparkline } from '../display/sparkline';
import { MESSAGES } from '../messages/messages';
import { figureChange } from './figure-change';

/** One figure: how much, which way it goes, and its course. */
@Component({
  selector: 'bailiff-figure-card',
  imports: [Icon, Sparkline],
  template: `<article class="card">
    <h2>{{ label() }}</h2>
    @if (value() === undefined) {
      <span class="bone"></span>
    } @else {
      <p class="value">{{ format.short(value()) }}</p>
      <p class="note">
        @if (change(); as moved) {
          @if (moved.icon) {
            <bailiff-icon [path]="moved.icon" [size]="14" />
          }
          {{ moved.text }}
        }
        @if (note()) {
          <span>{{ note() }}</span>
        }
      </p>
    }
    @if (figure(); as course) {
      <bailiff-sparkline class="spark" [series]="course.series" [label]="label()" [tone]="tone()" />
    }
  </article>`,
  styles: `
    article {
      position: relative;
      display: flex;
      flex-direction: column;
      height: 100%;
      min-height: 116px;
      padding: 14px 16px;
      overflow: hidden;
    }
    h2 {
      color: var(--text-2);
      font-weight: 500;
      font-size: var(--text-sm);
      letter-spacing: 0;
    }
    .value {
      font: 600 var(--text-figure) / 2.25rem var(--font);
      letter-spacing: -0.02em;
    }
    .note {
      display: flex;
      align-items: center;
      gap: 2px;
      min-height: 18px;
      color: var(--text-3);
      font-size: var(--text-xs);
    }
    .spark {
      position: absolute;
      right: 0;
      bottom: 0;
      width: 46%;
      height: 52px;
      mask-image: linear-gradient(90deg, transparent, #000 45%);
    }
    .bone {
      width: 40%;
      height: 22px;
      margin-top: 8px;
      border-radius: 8px;
      background: var(--inset);
    }
    @media (max-width: 639px) {
      article {
        min-height: 104px;
        padding: 12px;
      }
      .spark {
        top: 12px;
        right: 12px;
        width: 56px;
        height: 24px;
        mask-image: none;
      }
      .note {
        position: relative;
        z-index: 1;
        flex-wrap: wrap;
      }
    }
  `,
})
export class FigureCard {
  protected readonly format = inject(Format);
  private readonly m = inject(MESSAGES).dashboard;
  readonly label = input.required<string>();
  /** undefined while loading. */
  readonly value = input.required<number | undefined>();
  readonly figure = input<DashboardFigure>();
  /** Said below the figure, after its change. */
  readonly note = input('');
  readonly tone = input<'bans' | 'failures'>('bans');

  protected readonly change = computed(() => {
    const figure = this.figure();
    return figure === undefined ? undefined : figureChange(figure, this.m, this.format);
  });
}
