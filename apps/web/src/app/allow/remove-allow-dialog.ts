import { Component, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import {
  MAT_DIALOG_DATA,
  MatDialogActions,
  MatDialogContent,
  MatDialogRef,
  MatDialogTitle,
} from '@angular/material/dialog';
import type { AllowEntry } from '@bailiff/contracts/http';
import { ApiProblem } from '../api/api-problem';
import { ProblemNotice } from '../display/problem-notice';
import { MESSAGES } from '../messages/messages';
import { AllowApi } from './allow-api';

/** Says what it means that an address is allowed no longer. */
@Component({
  selector: 'bailiff-remove-allow-dialog',
  imports: [MatButton, MatDialogActions, MatDialogContent, MatDialogTitle, ProblemNotice],
  template: `<h2 mat-dialog-title class="untrusted">{{ m.removeTitle(entry.address) }}</h2>
    <mat-dialog-content>
      <p>{{ m.removeBody }}</p>
      @if (problem(); as error) {
        <bailiff-problem [error]="error" />
      }
    </mat-dialog-content>
    <mat-dialog-actions>
      <button matButton type="button" (click)="dialog.close()">{{ common.cancel }}</button>
      <button matButton="filled" type="button" class="danger-button" [disabled]="isBusy()" (click)="submit()">
        {{ m.remove }}
      </button>
    </mat-dialog-actions>`,
})
export class RemoveAllowDialog {
  protected readonly entry = inject<AllowEntry>(MAT_DIALOG_DATA);
  private readonly api = inject(AllowApi);
  protected readonly dialog = inject<MatDialogRef<RemoveAllowDialog, boolean>>(MatDialogRef);
  protected readonly m = inject(MESSAGES).allow;
  protected readonly common = inject(MESSAGES).common;
  protected readonly isBusy = signal(false);
  protected readonly problem = signal<ApiProblem | undefined>(undefined);

  protected async submit(): Promise<void> {
    this.isBusy.set(true);
    try {
      await this.api.remove(this.entry.id);
      this.api.say(this.m.removed(this.entry.address));
      this.dialog.close(true);
    } catch (error) {
      this.problem.set(ApiProblem.from(error));
    } finally {
      this.isBusy.set(false);
    }
  }
}
