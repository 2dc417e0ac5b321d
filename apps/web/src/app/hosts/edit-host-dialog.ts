import { Component, computed, inject, signal } from '@angular/core';
import { FormField, form, maxLength, required, validate } from '@angular/forms/signals';
import { MatButton } from '@angular/material/button';
import {
  MAT_DIALOG_DATA,
  MatDialogActions,
  MatDialogContent,
  MatDialogRef,
  MatDialogTitle,
} from '@angular/material/dialog';
import { MatError, MatFormField, MatHint, MatInput, MatLabel } from '@angular/material/input';
import type { HostInfo } from '@bailiff/contracts/http';
import { ApiProblem } from '../api/api-problem';
import { ProblemNotice } from '../display/problem-notice';
import { MESSAGES } from '../messages/messages';
import { HostDirectory } from './host-directory';
import { HostsApi } from './hosts-api';

const TAG = /^[a-z0-9][a-z0-9-]{0,30}$/;

/** Name and tags of a host. */
@Component({
  selector: 'bailiff-edit-host-dialog',
  imports: [
    FormField,
    MatButton,
    MatDialogActions,
    MatDialogContent,
    MatDialogTitle,
    MatError,
    MatFormField,
    MatHint,
    MatInput,
    MatLabel,
    ProblemNotice,
  ],
  template: `<h2 mat-dialog-title>{{ m.editTitle }}</h2>
    <mat-dialog-content>
      <form id="host-form" (submit)="submit(); $event.preventDefault()">
        <mat-form-field appearance="outline">
          <mat-label>{{ m.name }}</mat-label>
          <input matInput autocomplete="off" [formField]="form.name" />
        </mat-form-field>
        <mat-form-field appearance="outline">
          <mat-label>{{ m.tags }}</mat-label>
          <input matInput autocomplete="off" spellcheck="false" [formField]="form.tags" />
          <mat-hint>{{ m.tagsHint }}</mat-hint>
          <mat-error>{{ m.tagsInvalid }}</mat-error>
        </mat-form-field>
      </form>
      @if (problem(); as error) {
        <bailiff-problem [error]="error" />
      }
    </mat-dialog-content>
    <mat-dialog-actions>
      <button matButton type="button" (click)="dialog.close()">{{ common.cancel }}</button>
      <button matButton="filled" type="submit" form="host-form" [disabled]="!form().valid() || isBusy()">
        {{ common.save }}
      </button>
    </mat-dialog-actions>`,
  styles: `
    form {
      display: grid;
      gap: 4px;
      padding-top: 6px;
    }
  `,
})
export class EditHostDialog {
  private readonly host = inject<HostInfo>(MAT_DIALOG_DATA);
  private readonly api = inject(HostsApi);
  private readonly directory = inject(HostDirectory);
  protected readonly dialog = inject<MatDialogRef<EditHostDialog>>(MatDialogRef);
  protected readonly m = inject(MESSAGES).hosts;
  protected readonly common = inject(MESSAGES).common;

  private readonly model = signal({ name: this.host.name, tags: this.host.tags.join(' ') });
  private readonly tags = computed(() => [...new Set(words(this.model().tags))]);
  protected readonly form = form(this.model, (path) => {
    required(path.name);
    maxLength(path.name, 80);
    validate(path.tags, ({ value }) =>
      words(value()).every((tag) => TAG.test(tag)) && words(value()).length <= 20 ? undefined : { kind: 'tags' },
    );
  });
  protected readonly isBusy = signal(false);
  protected readonly problem = signal<ApiProblem | undefined>(undefined);

  protected async submit(): Promise<void> {
    if (!this.form().valid() || this.isBusy()) return;
    this.isBusy.set(true);
    try {
      this.directory.put(await this.api.patch(this.host.id, { name: this.model().name.trim(), tags: this.tags() }));
      this.dialog.close();
    } catch (error) {
      this.problem.set(ApiProblem.from(error));
    } finally {
      this.isBusy.set(false);
    }
  }
}

function words(text: string): string[] {
  return text.split(/[\s,]+/).filter((word) => word !== '');
}
