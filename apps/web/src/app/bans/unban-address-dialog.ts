import { Component, computed, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import {
  MAT_DIALOG_DATA,
  MatDialogActions,
  MatDialogContent,
  MatDialogRef,
  MatDialogTitle,
} from '@angular/material/dialog';
import { MatFormField, MatHint, MatInput, MatLabel } from '@angular/material/input';
import type { BanOutcome } from '@bailiff/contracts/http';
import { ApiProblem } from '../api/api-problem';
import { ProblemNotice } from '../display/problem-notice';
import { HostScope } from '../hosts/host-scope';
import { MESSAGES } from '../messages/messages';
import { readAddresses } from './address-list';
import { BanActions } from './ban-actions';
import { OutcomeList } from './outcome-list';

/** Lifts the bans of addresses typed in, in every jail of the chosen hosts that are online. */
@Component({
  selector: 'bailiff-unban-address-dialog',
  imports: [
    MatButton,
    MatDialogActions,
    MatDialogContent,
    MatDialogTitle,
    MatFormField,
    MatHint,
    MatInput,
    MatLabel,
    OutcomeList,
    ProblemNotice,
  ],
  template: `<h2 mat-dialog-title>{{ m.byInput }}</h2>
    <mat-dialog-content>
      <form id="unban-form" (submit)="submit(); $event.preventDefault()">
        <mat-form-field appearance="outline" subscriptSizing="dynamic">
          <mat-label>{{ ban.addresses }}</mat-label>
          <textarea
            #box
            matInput
            class="mono"
            rows="2"
            dir="ltr"
            spellcheck="false"
            autocomplete="off"
            [value]="text()"
            (input)="text.set(box.value)"
          ></textarea>
          <mat-hint>{{ m.inAllJails }} {{ m.onHosts(hostIds().length) }}</mat-hint>
        </mat-form-field>
      </form>
      @if (wrong(); as words) {
        <p class="wrong untrusted" role="alert">{{ words }}</p>
      }
      @if (problem(); as error) {
        <bailiff-problem [error]="error" />
      }
      @if (failures().length > 0) {
        <bailiff-outcomes [outcomes]="failures()" />
      }
    </mat-dialog-content>
    <mat-dialog-actions>
      <button matButton type="button" (click)="dismiss()">{{ common.cancel }}</button>
      <button matButton="filled" type="submit" form="unban-form" [disabled]="isBusy() || hostIds().length === 0">
        {{ m.submit(list().addresses.length || 1) }}
      </button>
    </mat-dialog-actions>`,
  styles: `
    form {
      padding-top: 6px;
    }
    .wrong {
      margin-top: 8px;
      color: var(--danger);
      font-size: var(--text-sm);
    }
    bailiff-problem {
      margin-top: 12px;
    }
  `,
})
export class UnbanAddressDialog {
  private readonly dialog = inject<MatDialogRef<UnbanAddressDialog>>(MatDialogRef);
  private readonly actions = inject(BanActions);
  private readonly scope = inject(HostScope);
  protected readonly m = inject(MESSAGES).bans.unbanDialog;
  protected readonly ban = inject(MESSAGES).bans.banDialog;
  protected readonly common = inject(MESSAGES).common;

  protected readonly text = signal(inject<{ address: string }>(MAT_DIALOG_DATA).address);
  protected readonly list = computed(() => readAddresses(this.text()));
  protected readonly hostIds = computed(() =>
    this.scope
      .hosts()
      .filter(({ state }) => state === 'online')
      .map(({ id }) => id),
  );
  protected readonly isTried = signal(false);
  protected readonly isBusy = signal(false);
  protected readonly problem = signal<ApiProblem | undefined>(undefined);
  protected readonly failures = signal<readonly BanOutcome[]>([]);
  protected readonly wrong = computed(() => {
    const { addresses, invalid } = this.list();
    if (!this.isTried()) return '';
    if (invalid.length > 0) return this.ban.invalid(invalid.slice(0, 3).join(', '));
    return addresses.length === 0 ? this.ban.noAddress : '';
  });

  protected async submit(): Promise<void> {
    this.isTried.set(true);
    if (this.wrong() !== '' || this.isBusy() || this.hostIds().length === 0) return;
    this.isBusy.set(true);
    this.problem.set(undefined);
    try {
      const { outcomes } = await this.actions.unban({ hostIds: this.hostIds(), addresses: [...this.list().addresses] });
      this.failures.set(outcomes.filter(({ result }) => result === 'failed' || result === 'unknown'));
      if (this.failures().length > 0) return;
      this.actions.report(outcomes);
      this.dialog.close();
    } catch (error) {
      this.problem.set(ApiProblem.from(error));
    } finally {
      this.isBusy.set(false);
    }
  }

  protected dismiss(): void {
    this.dialog.close();
  }
}
