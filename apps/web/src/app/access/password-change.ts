import { HttpClient } from '@angular/common/http';
import { Component, inject, output, signal, viewChild } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatFormField, MatInput, MatLabel } from '@angular/material/input';
import { MatSnackBar } from '@angular/material/snack-bar';
import type { PasswordChangeRequest } from '@bailiff/contracts/http';
import { firstValueFrom } from 'rxjs';
import { ApiProblem } from '../api/api-problem';
import { ProblemNotice } from '../display/problem-notice';
import { MESSAGES } from '../messages/messages';
import { passwordDigest } from '../session/password-digest';
import { PasswordFields } from '../session/password-fields';

/** Changes the master password. */
@Component({
  selector: 'bailiff-password-change',
  imports: [MatButton, MatFormField, MatInput, MatLabel, PasswordFields, ProblemNotice],
  template: `<form (submit)="submit(); $event.preventDefault()">
    <mat-form-field appearance="outline" subscriptSizing="dynamic">
      <mat-label>{{ m.currentPassword }}</mat-label>
      <input
        #box
        matInput
        type="password"
        name="current-password"
        autocomplete="current-password"
        [value]="current()"
        (input)="current.set(box.value)"
      />
    </mat-form-field>
    <bailiff-password-fields
      [label]="m.newPassword"
      [repeatLabel]="m.repeatPassword"
      [(password)]="password"
      [(repeated)]="repeated"
    />
    @if (problem(); as error) {
      <bailiff-problem [error]="error" />
    }
    <div>
      <button matButton="filled" type="submit" [disabled]="current() === '' || !fields()?.isGood() || isBusy()">
        {{ m.changePassword }}
      </button>
    </div>
  </form>`,
  styles: `
    form {
      display: grid;
      gap: 12px;
    }
  `,
})
export class PasswordChange {
  private readonly http = inject(HttpClient);
  private readonly snackBar = inject(MatSnackBar);
  private readonly close = inject(MESSAGES).common.close;
  protected readonly m = inject(MESSAGES).access;
  protected readonly fields = viewChild(PasswordFields);
  readonly changed = output();

  protected readonly current = signal('');
  protected readonly password = signal('');
  protected readonly repeated = signal('');
  protected readonly isBusy = signal(false);
  protected readonly problem = signal<ApiProblem | undefined>(undefined);

  protected async submit(): Promise<void> {
    if (this.isBusy() || this.current() === '' || this.fields()?.isGood() !== true) return;
    this.isBusy.set(true);
    this.problem.set(undefined);
    const request: PasswordChangeRequest = {
      currentDigest: passwordDigest(this.current()),
      newDigest: passwordDigest(this.password()),
    };
    try {
      await firstValueFrom(this.http.put('api/v1/password', request));
      for (const field of [this.current, this.password, this.repeated]) field.set('');
      this.snackBar.open(this.m.passwordChanged, this.close, { duration: 6_000 });
      this.changed.emit();
    } catch (error) {
      this.problem.set(ApiProblem.from(error));
    } finally {
      this.isBusy.set(false);
    }
  }
}
