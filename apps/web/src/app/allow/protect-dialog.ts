import { Component, computed, inject, signal } from '@angular/core';
import { FormField, form, maxLength } from '@angular/forms/signals';
import { MatButton } from '@angular/material/button';
import { MatDialogActions, MatDialogContent, MatDialogRef, MatDialogTitle } from '@angular/material/dialog';
import { MatFormField, MatHint, MatInput, MatLabel } from '@angular/material/input';
import { tryParseNetwork } from '@bailiff/ip';
import { ApiProblem } from '../api/api-problem';
import { ProblemNotice } from '../display/problem-notice';
import { MESSAGES } from '../messages/messages';
import { AllowApi } from './allow-api';

/** Puts an address on the protected list. */
@Component({
  selector: 'bailiff-protect-dialog',
  imports: [
    FormField,
    MatButton,
    MatDialogActions,
    MatDialogContent,
    MatDialogTitle,
    MatFormField,
    MatHint,
    MatInput,
    MatLabel,
    ProblemNotice,
  ],
  template: `<h2 mat-dialog-title>{{ m.addTitle }}</h2>
    <mat-dialog-content>
      <form class="fields" id="protect-form" (submit)="submit(); $event.preventDefault()">
        <mat-form-field appearance="outline" subscriptSizing="dynamic">
          <mat-label>{{ allow.address }}</mat-label>
          <input matInput class="mono" dir="ltr" spellcheck="false" autocomplete="off" [formField]="form.address" />
          <mat-hint>{{ allow.addressHint }}</mat-hint>
        </mat-form-field>
        @if (isTried() && !network()) {
          <p class="wrong" role="alert">{{ allow.invalid }}</p>
        }
        <mat-form-field appearance="outline" subscriptSizing="dynamic">
          <mat-label>{{ m.comment }}</mat-label>
          <input matInput autocomplete="off" [formField]="form.comment" />
        </mat-form-field>
      </form>
      @if (problem(); as error) {
        <bailiff-problem [error]="error" />
      }
    </mat-dialog-content>
    <mat-dialog-actions>
      <button matButton type="button" (click)="dialog.close()">{{ common.cancel }}</button>
      <button matButton="filled" type="submit" form="protect-form" [disabled]="isBusy()">{{ m.add }}</button>
    </mat-dialog-actions>`,
  styleUrl: './allow-dialog.scss',
})
export class ProtectDialog {
  private readonly api = inject(AllowApi);
  protected readonly dialog = inject<MatDialogRef<ProtectDialog, boolean>>(MatDialogRef);
  protected readonly m = inject(MESSAGES).guard;
  protected readonly allow = inject(MESSAGES).allow;
  protected readonly common = inject(MESSAGES).common;

  private readonly model = signal({ address: '', comment: '' });
  protected readonly form = form(this.model, (path) => {
    maxLength(path.comment, 200);
  });
  protected readonly network = computed(() => tryParseNetwork(this.model().address.trim()));
  protected readonly isTried = signal(false);
  protected readonly isBusy = signal(false);
  protected readonly problem = signal<ApiProblem | undefined>(undefined);

  protected async submit(): Promise<void> {
    this.isTried.set(true);
    const address = this.network();
    if (address === undefined || this.isBusy()) return;
    this.isBusy.set(true);
    try {
      const comment = this.model().comment.trim();
      await this.api.protect({ address, ...(comment === '' ? {} : { comment }) });
      this.api.say(this.m.added(address));
      this.dialog.close(true);
    } catch (error) {
      this.problem.set(ApiProblem.from(error));
    } finally {
      this.isBusy.set(false);
    }
  }
}
