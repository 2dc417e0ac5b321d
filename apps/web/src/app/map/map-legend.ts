import { Component, computed, inject, input, output, signal } from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MatSnackBar } from '@angular/material/snack-bar';
import type { MapThresholds } from '@bailiff/contracts/http';
import { mdiPencilOutline } from '@mdi/js';
import { ApiProblem } from '../api/api-problem';
import { ChartLooks } from '../charts/chart-looks';
import { Format } from '../display/format';
import { Icon } from '../display/icon';
import { ProblemNotice } from '../display/problem-notice';
import { MESSAGES } from '../messages/messages';
import { Session } from '../session/session';
import { legendColours, SCALE_COLOURS } from './colour-scale';

const NAMES = ['low', 'medium', 'high'] as const;
const MOST = 1_000_000_000;

/** What the colours mean, and where that is changed: for everybody, at once. */
@Component({
  selector: 'bailiff-map-legend',
  imports: [Icon, MatButton, MatIconButton, ProblemNotice],
  template: `@if (draft(); as values) {
      <form (submit)="save(); $event.preventDefault()" (keydown.escape)="close()" [attr.aria-label]="m.editTitle">
        <div class="fields">
          @for (name of names; track name) {
            <label>
              <span><i [style.background-color]="colours()[name]"></i>{{ m[name] }}</span>
              <input
                #field
                type="number"
                min="1"
                step="1"
                required
                [attr.max]="most"
                [value]="values[name]"
                [attr.aria-invalid]="problem() !== ''"
                [attr.aria-describedby]="problem() ? 'bailiff-legend-problem' : null"
                (input)="change(name, field.value)"
              />
            </label>
          }
        </div>
        <p id="bailiff-legend-problem" [class.wrong]="problem()" [attr.role]="problem() ? 'alert' : null">
          {{ problem() || m.forAll }}
        </p>
        @if (refusal(); as error) {
          <bailiff-problem [error]="error" />
        }
        <div class="actions">
          <button matButton type="button" (click)="close()">{{ common.cancel }}</button>
          <button matButton="filled" type="submit" [disabled]="valid() === undefined || isBusy()">
            {{ common.save }}
          </button>
        </div>
      </form>
    } @else {
      <div class="scale" role="img" [attr.aria-label]="words()">
        <div class="bar" [style.background]="gradient()"></div>
        <div class="ticks" aria-hidden="true">
          <span>1</span>
          @for (name of names; track name) {
            <span>{{ format.onMap(thresholds()[name]) }}</span>
          }
        </div>
      </div>
      @if (session.can('config')) {
        <button matIconButton type="button" [attr.aria-label]="m.edit" [title]="m.edit" (click)="open()">
          <bailiff-icon [path]="icon" [size]="16" />
        </button>
      }
    }`,
  styles: `
    :host {
      display: flex;
      align-items: center;
      gap: 4px;
      padding: 8px 12px 6px;
      border: 1px solid var(--line);
      border-radius: var(--radius);
      background: color-mix(in srgb, var(--surface) 92%, transparent);
      font-size: var(--text-xs);
    }
    .scale {
      width: 220px;
    }
    .bar {
      height: 10px;
      border-radius: 3px;
    }
    .ticks {
      display: grid;
      grid-template-columns: repeat(4, 25%);
      margin-top: 3px;
      color: var(--text-2);
      font-size: 0.6875rem;
      line-height: 1rem;
    }
    .ticks span {
      position: relative;
      width: max-content;
      transform: translateX(-50%);
    }
    .ticks span:first-child {
      transform: none;
    }
    form {
      display: grid;
      gap: 8px;
      width: 268px;
      padding-top: 4px;
    }
    .fields {
      display: grid;
      grid-template-columns: repeat(3, minmax(0, 1fr));
      gap: 8px;
    }
    label,
    label span {
      display: grid;
      gap: 4px;
    }
    label span {
      grid-template-columns: auto 1fr;
      align-items: center;
      color: var(--text-2);
    }
    i {
      width: 10px;
      height: 10px;
      border-radius: 3px;
    }
    input {
      width: 100%;
      min-width: 0;
      height: 32px;
      padding: 0 8px;
      border: 1px solid var(--control);
      border-radius: var(--radius);
      background: var(--surface);
      font-size: var(--text-sm);
    }
    input[aria-invalid='true'] {
      border-color: var(--danger);
    }
    p {
      color: var(--text-2);
    }
    .wrong {
      color: var(--danger);
    }
    .actions {
      display: flex;
      justify-content: flex-end;
      gap: 8px;
    }
  `,
})
export class MapLegend {
  private readonly looks = inject(ChartLooks);
  private readonly snackBar = inject(MatSnackBar);
  protected readonly session = inject(Session);
  protected readonly format = inject(Format);
  protected readonly m = inject(MESSAGES).map.legend;
  protected readonly common = inject(MESSAGES).common;
  protected readonly icon = mdiPencilOutline;
  protected readonly names = NAMES;
  protected readonly most = MOST;

  readonly thresholds = input.required<MapThresholds>();
  /** Thresholds being tried, for the map to show; undefined once saved or given up. */
  readonly tried = output<MapThresholds | undefined>();

  protected readonly draft = signal<Readonly<Record<(typeof NAMES)[number], string>> | undefined>(undefined);
  protected readonly isBusy = signal(false);
  protected readonly refusal = signal<ApiProblem | undefined>(undefined);
  protected readonly colours = computed(() => SCALE_COLOURS[this.looks.look().isDark ? 'dark' : 'light']);
  protected readonly gradient = computed(
    () => `linear-gradient(90deg, ${legendColours(this.thresholds(), this.colours()).join(', ')})`,
  );
  protected readonly words = computed(() => {
    const { low, medium, high } = this.thresholds();
    return this.m.label(this.format.number(low), this.format.number(medium), this.format.number(high));
  });
  protected readonly problem = computed(() => {
    const draft = this.draft();
    if (draft === undefined) return '';
    const [low = NaN, medium = NaN, high = NaN] = NAMES.map((name) => wholeNumber(draft[name]));
    if ([low, medium, high].some(Number.isNaN)) return this.m.number;
    return low < medium && medium < high ? '' : this.m.order;
  });
  protected readonly valid = computed<MapThresholds | undefined>(() => {
    const draft = this.draft();
    if (draft === undefined || this.problem() !== '') return undefined;
    return { low: Number(draft.low), medium: Number(draft.medium), high: Number(draft.high) };
  });

  protected open(): void {
    const { low, medium, high } = this.thresholds();
    this.refusal.set(undefined);
    this.draft.set({ low: String(low), medium: String(medium), high: String(high) });
  }

  protected change(name: (typeof NAMES)[number], value: string): void {
    this.draft.update((draft) => (draft === undefined ? undefined : { ...draft, [name]: value }));
    const valid = this.valid();
    if (valid !== undefined) this.tried.emit(valid);
  }

  protected close(): void {
    this.draft.set(undefined);
    this.tried.emit(undefined);
  }

  protected async save(): Promise<void> {
    const mapThresholds = this.valid();
    if (mapThresholds === undefined || this.isBusy()) return;
    this.isBusy.set(true);
    this.refusal.set(undefined);
    try {
      await this.session.savePreferences({ mapThresholds });
      this.close();
      this.snackBar.open(this.common.saved, this.common.close, { duration: 4_000 });
    } catch (error) {
      this.refusal.set(ApiProblem.from(error));
    } finally {
      this.isBusy.set(false);
    }
  }
}

function wholeNumber(text: string): number {
  const value = /^\d+$/.test(text.trim()) ? Number(text) : NaN;
  return value >= 1 && value <= MOST ? value : NaN;
}
