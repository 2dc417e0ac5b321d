import { HttpClient } from '@angular/common/http';
import { Component, computed, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialogActions, MatDialogContent, MatDialogRef, MatDialogTitle } from '@angular/material/dialog';
import { MatFormField, MatInput, MatLabel } from '@angular/material/input';
import { MatRadioButton, MatRadioGroup } from '@angular/material/radio';
import type { ArchiveDeletion, ArchiveDeletionRequest } from '@bailiff/contracts/http';
import { firstValueFrom } from 'rxjs';
import { ApiProblem } from '../api/api-problem';
import { ProblemNotice } from '../display/problem-notice';
import { MESSAGES } from '../messages/messages';
import { Clock } from '../time/clock';

const DAY_MS = 86_400_000;
const MAX_DAYS = 36_500;

/** Asks which events are to go, and for a typed word. Closes with the deletion that was begun. */
@Component({
  selector: 'bailiff-delete-events-dialog',
  imports: [
    MatButton,
    MatDialogActions,
    MatDialogContent,
    MatDialogTitle,
    MatFormField,
    MatInput,
    MatLabel,
    MatRadioButton,
    MatRadioGroup,
    ProblemNotice,
  ],
  template: `<h2 mat-dialog-title>{{ m.title }}</h2>
    <mat-dialog-content>
      <form id="delete-events" (submit)="submit(); $event.preventDefault()">
        <mat-radio-group [attr.aria-label]="m.what" [value]="what()" (change)="what.set($event.value)">
          <mat-radio-button value="older">{{ m.older }}</mat-radio-button>
          <mat-radio-button value="everything">{{ m.everything }}</mat-radio-button>
        </mat-radio-group>
        @if (what() === 'older') {
          <mat-form-field appearance="outline" subscriptSizing="dynamic">
            <mat-label>{{ m.days }}</mat-label>
            <input
              #box
              matInput
              inputmode="numeric"
              autocomplete="off"
              [value]="days()"
              (input)="days.set(box.value)"
            />
          </mat-form-field>
          @if (before() === null) {
            <p class="wrong" role="alert">{{ m.daysInvalid }}</p>
          }
        }
        <p>{{ m.body }}</p>
        <mat-form-field appearance="outline" subscriptSizing="dynamic">
          <mat-label>{{ common.typeToConfirm(m.word) }}</mat-label>
          <input #typed matInput autocomplete="off" [value]="word()" (input)="word.set(typed.value)" />
        </mat-form-field>
      </form>
      @if (problem(); as error) {
        <bailiff-problem [error]="error" />
      }
    </mat-dialog-content>
    <mat-dialog-actions>
      <button matButton type="button" (click)="dialog.close()">{{ common.cancel }}</button>
      <button
        matButton="filled"
        class="danger-button"
        type="submit"
        form="delete-events"
        [disabled]="!isConfirmed() || isBusy()"
      >
        {{ m.submit }}
      </button>
    </mat-dialog-actions>`,
  styles: `
    form,
    mat-radio-group {
      display: grid;
      gap: 8px;
    }
    form {
      padding-top: 4px;
    }
    p {
      margin: 8px 0;
    }
    .wrong {
      margin: 0;
      color: var(--danger);
      font-size: var(--text-sm);
    }
  `,
})
export class DeleteEventsDialog {
  protected readonly dialog = inject<MatDialogRef<DeleteEventsDialog, ArchiveDeletion>>(MatDialogRef);
  private readonly http = inject(HttpClient);
  private readonly clock = inject(Clock);
  protected readonly m = inject(MESSAGES).archive.dialog;
  protected readonly common = inject(MESSAGES).common;

  protected readonly what = signal<'older' | 'everything'>('older');
  protected readonly days = signal('365');
  protected readonly word = signal('');
  protected readonly isBusy = signal(false);
  protected readonly problem = signal<ApiProblem | undefined>(undefined);
  /** Undefined: everything; null: no number of days. */
  protected readonly before = computed(() => {
    if (this.what() === 'everything') return undefined;
    const days = Number(this.days());
    if (!/^\d{1,5}$/.test(this.days().trim()) || days < 1 || days > MAX_DAYS) return null;
    return new Date(this.clock.now() - days * DAY_MS).toISOString();
  });
  protected readonly isConfirmed = computed(
    () => this.before() !== null && this.word().trim().toLowerCase() === this.m.word,
  );

  protected async submit(): Promise<void> {
    const before = this.before();
    if (!this.isConfirmed() || before === null || this.isBusy()) return;
    this.isBusy.set(true);
    this.problem.set(undefined);
    const request: ArchiveDeletionRequest = {
      confirmation: 'delete',
      ...(before === undefined ? {} : { before }),
    };
    try {
      this.dialog.close(await firstValueFrom(this.http.post<ArchiveDeletion>('api/v1/archive/deletions', request)));
    } catch (error) {
      this.problem.set(ApiProblem.from(error));
    } finally {
      this.isBusy.set(false);
    }
  }
}
