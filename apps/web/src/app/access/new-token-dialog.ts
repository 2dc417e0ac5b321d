import { HttpClient } from '@angular/common/http';
import { Component, inject, signal } from '@angular/core';
import { FormField, form, maxLength, required } from '@angular/forms/signals';
import { MatButton } from '@angular/material/button';
import { MatCheckbox } from '@angular/material/checkbox';
import { MatDialogActions, MatDialogContent, MatDialogRef, MatDialogTitle } from '@angular/material/dialog';
import { MatFormField, MatInput, MatLabel } from '@angular/material/input';
import { MatOption, MatSelect } from '@angular/material/select';
import type { ApiTokenRequest, CreatedApiToken, Scope } from '@bailiff/contracts/http';
import { firstValueFrom } from 'rxjs';
import { ApiProblem } from '../api/api-problem';
import { CopyButton } from '../display/copy-button';
import { ProblemNotice } from '../display/problem-notice';
import { MESSAGES } from '../messages/messages';

const SCOPES: readonly Scope[] = ['read', 'ban', 'config', 'helpdesk', 'admin'];

/** Makes an API token and shows its secret, this once. */
@Component({
  selector: 'bailiff-new-token-dialog',
  imports: [
    CopyButton,
    FormField,
    MatButton,
    MatCheckbox,
    MatDialogActions,
    MatDialogContent,
    MatDialogTitle,
    MatFormField,
    MatInput,
    MatLabel,
    MatOption,
    MatSelect,
    ProblemNotice,
  ],
  template: `<h2 mat-dialog-title>{{ created() ? m.createdTitle : m.newToken }}</h2>
    <mat-dialog-content>
      @if (created(); as token) {
        <p>{{ m.createdBody }}</p>
        <div class="secret">
          <code tabindex="0">{{ token.token }}</code><bailiff-copy [text]="token.token" [label]="m.createdTitle" />
        </div>
      } @else {
        <form id="token-form" (submit)="submit(); $event.preventDefault()">
          <mat-form-field appearance="outline" subscriptSizing="dynamic">
            <mat-label>{{ m.name }}</mat-label>
            <input matInput autocomplete="off" [formField]="form.name" />
          </mat-form-field>
          <fieldset>
            <legend>{{ m.scopesLabel }}</legend>
            @for (scope of scopes; track scope) {
              <mat-checkbox [checked]="chosen().has(scope)" (change)="toggle(scope)">
                <strong>{{ m.scopes[scope].label }}</strong> <span class="muted"> {{ m.scopes[scope].hint }}</span>
              </mat-checkbox>
            }
          </fieldset>
          <mat-form-field appearance="outline" subscriptSizing="dynamic">
            <mat-label>{{ m.expiry }}</mat-label>
            <mat-select [formField]="form.days">
              @for (days of [30, 90, 365, 0]; track days) {
                <mat-option [value]="days">{{ m.expiryOptions[days] }}</mat-option>
              }
            </mat-select>
          </mat-form-field>
        </form>
        @if (problem(); as error) {
          <bailiff-problem [error]="error" />
        }
      }
    </mat-dialog-content>
    <mat-dialog-actions>
      @if (created()) {
        <button matButton="filled" type="button" (click)="dialog.close()">{{ common.close }}</button>
      } @else {
        <button matButton type="button" (click)="dialog.close()">{{ common.cancel }}</button>
        <button
          matButton="filled"
          type="submit"
          form="token-form"
          [disabled]="!form().valid() || chosen().size === 0 || isBusy()"
        >
          {{ m.create }}
        </button>
      }
    </mat-dialog-actions>`,
  styles: `
    form {
      display: grid;
      gap: 14px;
      padding-top: 6px;
    }
    fieldset {
      display: grid;
      margin: 0;
      padding: 0;
      border: 0;
    }
    legend {
      padding: 0;
      color: var(--text-2);
      font-size: var(--text-sm);
    }
    .secret {
      display: flex;
      align-items: flex-start;
      gap: 8px;
      margin-top: 12px;
      padding: 10px 8px 10px 12px;
      border: 1px solid var(--line);
      border-radius: var(--radius);
      background: var(--inset);
      color: var(--text);
    }
    code {
      flex: 1;
      overflow-wrap: anywhere;
      line-height: 1.5rem;
      user-select: all;
    }
  `,
})
export class NewTokenDialog {
  private readonly http = inject(HttpClient);
  protected readonly dialog = inject<MatDialogRef<NewTokenDialog>>(MatDialogRef);
  protected readonly m = inject(MESSAGES).access;
  protected readonly common = inject(MESSAGES).common;
  protected readonly scopes = SCOPES;

  private readonly model = signal({ name: '', days: 90 });
  protected readonly form = form(this.model, (path) => {
    required(path.name);
    maxLength(path.name, 80);
  });
  protected readonly chosen = signal<ReadonlySet<Scope>>(new Set(['read']));
  protected readonly created = signal<CreatedApiToken | undefined>(undefined);
  protected readonly isBusy = signal(false);
  protected readonly problem = signal<ApiProblem | undefined>(undefined);

  protected toggle(scope: Scope): void {
    this.chosen.update((chosen) => {
      const next = new Set(chosen);
      if (!next.delete(scope)) next.add(scope);
      return next;
    });
  }

  protected async submit(): Promise<void> {
    if (!this.form().valid() || this.chosen().size === 0 || this.isBusy()) return;
    this.isBusy.set(true);
    this.problem.set(undefined);
    const { name, days } = this.model();
    const request: ApiTokenRequest = {
      name: name.trim(),
      scopes: SCOPES.filter((scope) => this.chosen().has(scope)),
      ...(days === 0 ? {} : { expiresInDays: days }),
    };
    try {
      this.created.set(await firstValueFrom(this.http.post<CreatedApiToken>('api/v1/tokens', request)));
      // A click beside the dialog must not take the secret away unseen.
      this.dialog.disableClose = true;
    } catch (error) {
      this.problem.set(ApiProblem.from(error));
    } finally {
      this.isBusy.set(false);
    }
  }
}
