import { httpResource } from '@angular/common/http';
import { Component, computed, inject, input, linkedSignal, signal } from '@angular/core';
import { MatIconButton } from '@angular/material/button';
import { MatFormField, MatInput, MatLabel } from '@angular/material/input';
import { MatOption, MatSelect } from '@angular/material/select';
import type { JailLogFile, JailLogTail } from '@bailiff/contracts/http';
import { mdiRefresh } from '@mdi/js';
import { Folded } from '../display/folded';
import { Icon } from '../display/icon';
import { ProblemNotice } from '../display/problem-notice';
import { MESSAGES } from '../messages/messages';
import { byteText } from './byte-text';
import { jailPath } from './jails-api';

/** Somebody who types is not asked about after each letter, milliseconds. */
const TYPING_MS = 350;
const COUNTS = [100, 200, 500, 1000] as const;

/** The end of a log file that the jail reads, with search; lines whose address is banned now are marked. */
@Component({
  selector: 'bailiff-jail-log',
  imports: [Folded, Icon, MatFormField, MatIconButton, MatInput, MatLabel, MatOption, MatSelect, ProblemNotice],
  template: `@if (files().length === 0) {
      <p class="muted">{{ m.none }}</p>
    } @else {
      <div class="tools">
        <mat-form-field appearance="outline" subscriptSizing="dynamic" class="file">
          <mat-label>{{ m.file }}</mat-label>
          <mat-select [value]="file()" (selectionChange)="file.set($event.value)">
            @for (each of files(); track each.path) {
              <mat-option [value]="each.path">{{ each.path }}</mat-option>
            }
          </mat-select>
        </mat-form-field>
        <mat-form-field appearance="outline" subscriptSizing="dynamic" class="search">
          <mat-label>{{ m.search }}</mat-label>
          <input #box matInput type="search" maxlength="200" (input)="typed(box.value)" />
        </mat-form-field>
        <mat-form-field appearance="outline" subscriptSizing="dynamic" class="count">
          <mat-label>{{ m.lines }}</mat-label>
          <mat-select [value]="count()" (selectionChange)="count.set($event.value)">
            @for (each of counts; track each) {
              <mat-option [value]="each">{{ each }}</mat-option>
            }
          </mat-select>
        </mat-form-field>
        <button
          matIconButton
          type="button"
          [attr.aria-label]="refresh"
          [title]="refresh"
          [disabled]="log.isLoading()"
          (click)="log.reload()"
        >
          <bailiff-icon [path]="icon" />
        </button>
      </div>
      @if (log.error(); as error) {
        <bailiff-problem [error]="error" [retryable]="true" (again)="log.reload()" />
      } @else if (tail(); as known) {
        <p class="muted" aria-live="polite">
          {{ m.shown(known.lines.length) }}
          @if (known.isCut) {
            · {{ m.cut(bytes(known.readBytes), bytes(known.sizeBytes)) }}
          }
        </p>
        @if (known.lines.length === 0) {
          <p>{{ m.empty }}</p>
        } @else {
          <div
            class="lines"
            tabindex="0"
            role="log"
            aria-live="off"
            dir="ltr"
            [attr.aria-label]="m.label(known.path)"
            [class.old]="log.isLoading()"
          >
            @for (line of known.lines; track $index) {
              <div class="line" [class.banned]="line.banned !== null">
                <bailiff-folded class="untrusted" [length]="line.text.length" [whole]="isSearched()">
                  @for (part of parts(line.text); track $index) {
                    @if (part.isHit) {
                      <mark>{{ part.text }}</mark>
                    } @else {
                      <span>{{ part.text }}</span>
                    }
                  }
                </bailiff-folded>
                @if (line.banned) {
                  <span class="badge">{{ m.banned }}</span>
                }
              </div>
            }
          </div>
        }
      } @else {
        <div class="card bone" aria-busy="true"></div>
      }
    }`,
  styles: `
    :host {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      gap: 10px;
    }
    .tools {
      display: flex;
      flex-wrap: wrap;
      gap: 8px;
      align-items: center;
    }
    .file {
      flex: 2 1 260px;
    }
    .search {
      flex: 1 1 180px;
    }
    .count {
      flex: 0 0 110px;
      width: 110px;
    }
    p {
      font-size: var(--text-sm);
    }
    .lines {
      max-height: 65vh;
      overflow: auto;
      border: 1px solid var(--line);
      border-radius: var(--radius);
      background: var(--surface);
      font: 400 0.75rem / 1.25rem var(--mono);
      font-variant-ligatures: none;
    }
    .old {
      opacity: 0.6;
    }
    .line {
      display: flex;
      align-items: flex-start;
      padding: 2px 10px;
      border-inline-start: 3px solid transparent;
      white-space: pre-wrap;
    }
    .line:nth-child(even) {
      background: var(--inset);
    }
    .banned {
      border-inline-start-color: var(--danger);
    }
    .badge {
      flex: none;
      margin: 2px 0 0 8px;
      padding: 0 6px;
      border-radius: 9px;
      background: var(--danger-soft);
      color: var(--danger);
      font: 500 var(--text-xs) / 1rem var(--font);
    }
    mark {
      background: var(--warn-soft);
      color: var(--warn);
      font-weight: 600;
    }
    .bone {
      height: 320px;
      background: var(--inset);
    }
  `,
})
export class JailLog {
  protected readonly m = inject(MESSAGES).jail.log;
  protected readonly refresh = inject(MESSAGES).jail.refresh;
  protected readonly icon = mdiRefresh;
  protected readonly counts = COUNTS;
  protected readonly bytes = byteText;
  readonly hostId = input.required<string>();
  readonly jail = input.required<string>();
  readonly files = input.required<readonly JailLogFile[]>();

  protected readonly file = linkedSignal<string>(
    () => (this.files().find(({ isShown }) => isShown) ?? this.files()[0])?.path ?? '',
  );
  protected readonly count = signal<number>(200);
  private readonly q = signal('');
  protected readonly log = httpResource<JailLogTail>(() => {
    if (this.file() === '') return undefined;
    const q = this.q();
    const params = { file: this.file(), lines: this.count(), ...(q === '' ? {} : { q }) };
    return { url: `${jailPath(this.hostId(), this.jail())}/log`, params };
  });
  protected readonly tail = linkedSignal<JailLogTail | undefined, JailLogTail | undefined>({
    source: () => (this.log.hasValue() ? this.log.value() : undefined),
    computation: (loaded, previous) => loaded ?? previous?.value,
  });
  private readonly needle = computed(() => this.q().toLowerCase());
  protected readonly isSearched = computed(() => this.needle() !== '');
  private timer: ReturnType<typeof setTimeout> | undefined;

  protected typed(text: string): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.q.set(text.trim()), TYPING_MS);
  }

  /** The line cut at what was searched for. */
  protected parts(text: string): readonly { readonly text: string; readonly isHit: boolean }[] {
    const needle = this.needle();
    const lower = text.toLowerCase();
    // Some letters change their length with their case: then places do not fit.
    if (needle === '' || lower.length !== text.length) return [{ text, isHit: false }];
    const parts: { text: string; isHit: boolean }[] = [];
    let from = 0;
    for (let at = lower.indexOf(needle); at !== -1; at = lower.indexOf(needle, from)) {
      if (at > from) parts.push({ text: text.slice(from, at), isHit: false });
      from = at + needle.length;
      parts.push({ text: text.slice(at, from), isHit: true });
    }
    return [...parts, { text: text.slice(from), isHit: false }];
  }
}
