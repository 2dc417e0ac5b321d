import { Component, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import {
  MAT_DIALOG_DATA,
  MatDialogActions,
  MatDialogContent,
  MatDialogRef,
  MatDialogTitle,
} from '@angular/material/dialog';
import { MatFormField, MatInput, MatLabel } from '@angular/material/input';
import { MatSnackBar } from '@angular/material/snack-bar';
import type { HostInfo } from '@bailiff/contracts/http';
import { ApiProblem } from '../api/api-problem';
import { ProblemNotice } from '../display/problem-notice';
import { MESSAGES } from '../messages/messages';
import { HostDirectory } from './host-directory';
import { HostsApi } from './hosts-api';

/** Says what removing a host means; its name is typed. */
@Component({
  selector: 'bailiff-revoke-host-dialog',
  imports: [
    MatButton,
    MatDialogActions,
    MatDialogContent,
    MatDialogTitle,
    MatFormField,
    MatInput,
    MatLabel,
    ProblemNotice,
  ],
  template: `<h2 mat-dialog-title class="untrusted">{{ m.revokeTitle(host.name) }}</h2>
    <mat-dialog-content>
      <p>{{ m.revokeBody }}</p>
      <mat-form-field appearance="outline" subscriptSizing="dynamic">
        <mat-label>{{ m.revokeWord }}</mat-label>
        <input
          #box
          matInput
          autocomplete="off"
          [value]="word()"
          (input)="word.set(box.value)"
          (keydown.enter)="submit()"
        />
      </mat-form-field>
      @if (problem(); as error) {
        <bailiff-problem [error]="error" />
      }
    </mat-dialog-content>
    <mat-dialog-actions>
      <button matButton type="button" (click)="dialog.close()">{{ common.cancel }}</button>
      <button
        matButton="filled"
        class="danger-button"
        type="button"
        [disabled]="word().trim() !== host.name || isBusy()"
        (click)="submit()"
      >
        {{ m.revokeSubmit }}
      </button>
    </mat-dialog-actions>`,
  styles: `
    mat-form-field,
    bailiff-problem {
      margin-top: 16px;
    }
  `,
})
export class RevokeHostDialog {
  protected readonly host = inject<HostInfo>(MAT_DIALOG_DATA);
  private readonly api = inject(HostsApi);
  private readonly directory = inject(HostDirectory);
  private readonly snackBar = inject(MatSnackBar);
  protected readonly dialog = inject<MatDialogRef<RevokeHostDialog>>(MatDialogRef);
  protected readonly m = inject(MESSAGES).hosts;
  protected readonly common = inject(MESSAGES).common;
  protected readonly word = signal('');
  protected readonly isBusy = signal(false);
  protected readonly problem = signal<ApiProblem | undefined>(undefined);

  protected async submit(): Promise<void> {
    if (this.word().trim() !== this.host.name || this.isBusy()) return;
    this.isBusy.set(true);
    try {
      await this.api.revoke(this.host.id);
      this.directory.put({ ...this.host, state: 'revoked' });
      this.snackBar.open(this.m.revoked(this.host.name), this.common.close, { duration: 5_000 });
      this.dialog.close();
    } catch (error) {
      this.problem.set(ApiProblem.from(error));
    } finally {
      this.isBusy.set(false);
    }
  }
}
