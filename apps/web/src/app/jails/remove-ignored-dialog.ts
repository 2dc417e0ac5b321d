import { Component, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatCheckbox } from '@angular/material/checkbox';
import {
  MAT_DIALOG_DATA,
  MatDialogActions,
  MatDialogContent,
  MatDialogRef,
  MatDialogTitle,
} from '@angular/material/dialog';
import type { IgnoreChange, IgnoreChangeResult, IgnoreEntry } from '@bailiff/contracts/http';
import { ApiProblem } from '../api/api-problem';
import { ProblemNotice } from '../display/problem-notice';
import { MESSAGES } from '../messages/messages';
import { JailsApi } from './jails-api';

export interface RemoveIgnoredData {
  readonly hostId: string;
  readonly jail: string;
  readonly entry: IgnoreEntry;
}

/** Takes one entry off an ignore list; one that protects somebody takes a second yes. */
@Component({
  selector: 'bailiff-remove-ignored-dialog',
  imports: [MatButton, MatCheckbox, MatDialogActions, MatDialogContent, MatDialogTitle, ProblemNotice],
  template: `<h2 mat-dialog-title class="untrusted">{{ m.removeTitle(data.entry.entry) }}</h2>
    <mat-dialog-content>
      <p>{{ m.removeBody }}</p>
      <mat-checkbox [checked]="everywhere()" (change)="everywhere.set($event.checked)">{{ m.everywhere }}</mat-checkbox>
      <mat-checkbox [checked]="permanent()" (change)="permanent.set($event.checked)">{{ m.permanent }}</mat-checkbox>
      @if (isGuarded()) {
        <p class="warning" role="note">{{ m.removeProtected }}</p>
        <mat-checkbox [checked]="force()" (change)="force.set($event.checked)">{{ m.removeForce }}</mat-checkbox>
      }
      @if (problem(); as error) {
        <bailiff-problem [error]="error" />
      }
    </mat-dialog-content>
    <mat-dialog-actions>
      <button matButton type="button" (click)="dialog.close()">{{ common.cancel }}</button>
      <button
        matButton="filled"
        type="button"
        [class.danger-button]="isGuarded()"
        [disabled]="isBusy() || (isGuarded() && !force())"
        (click)="submit()"
      >
        {{ m.removeSubmit }}
      </button>
    </mat-dialog-actions>`,
  styles: `
    mat-dialog-content {
      display: grid;
      gap: 8px;
    }
    .warning {
      padding: 8px 12px;
      border-inline-start: 3px solid var(--warn);
      border-radius: var(--radius-s);
      background: var(--warn-soft);
    }
  `,
})
export class RemoveIgnoredDialog {
  protected readonly data = inject<RemoveIgnoredData>(MAT_DIALOG_DATA);
  private readonly api = inject(JailsApi);
  protected readonly dialog = inject<MatDialogRef<RemoveIgnoredDialog, IgnoreChangeResult>>(MatDialogRef);
  protected readonly m = inject(MESSAGES).jail.ignore;
  protected readonly common = inject(MESSAGES).common;
  protected readonly everywhere = signal(false);
  protected readonly permanent = signal(this.data.entry.source !== 'runtime');
  protected readonly force = signal(false);
  protected readonly isGuarded = signal(this.data.entry.isProtected);
  protected readonly isBusy = signal(false);
  protected readonly problem = signal<ApiProblem | undefined>(undefined);

  protected async submit(): Promise<void> {
    this.isBusy.set(true);
    this.problem.set(undefined);
    const { hostId, jail, entry } = this.data;
    const change: IgnoreChange = {
      remove: [entry.entry],
      permanent: this.permanent(),
      ...(this.everywhere() ? {} : { jails: [jail] }),
      ...(this.force() ? { force: true } : {}),
    };
    try {
      this.dialog.close(await this.api.changeIgnoreLists(hostId, change));
    } catch (error) {
      const problem = ApiProblem.from(error);
      // The gateway knows who asks, and so may know better than the list.
      if (problem.code === 'ignore/protected') this.isGuarded.set(true);
      this.problem.set(problem);
    } finally {
      this.isBusy.set(false);
    }
  }
}
