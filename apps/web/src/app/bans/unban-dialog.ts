import { Component, computed, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import {
  MAT_DIALOG_DATA,
  MatDialogActions,
  MatDialogContent,
  MatDialogRef,
  MatDialogTitle,
} from '@angular/material/dialog';
import { MatFormField, MatInput, MatLabel } from '@angular/material/input';
import { MatProgressBar } from '@angular/material/progress-bar';
import type { BanOutcome } from '@bailiff/contracts/http';
import { ApiProblem } from '../api/api-problem';
import { ProblemNotice } from '../display/problem-notice';
import { MESSAGES } from '../messages/messages';
import { BanActions } from './ban-actions';
import type { BanTarget } from './ban-target';
import { OutcomeList } from './outcome-list';

/** Bans picked from a list, or everything of hosts (or of one jail there). */
export type UnbanDialogData =
  | { readonly kind: 'targets'; readonly targets: readonly BanTarget[] }
  | {
      readonly kind: 'everything';
      readonly hostIds: readonly string[];
      readonly jail?: string;
      /** Bans that will be lifted, as far as known. */
      readonly count: number | null;
    };

/** From so many addresses on the word is typed. */
const TYPED_ABOVE = 100;

/** Says in full what is about to be let in again; much of it, or everything, takes a typed word. */
@Component({
  selector: 'bailiff-unban-dialog',
  imports: [
    MatButton,
    MatDialogActions,
    MatDialogContent,
    MatDialogTitle,
    MatFormField,
    MatInput,
    MatLabel,
    MatProgressBar,
    OutcomeList,
    ProblemNotice,
  ],
  template: `<h2 mat-dialog-title>{{ title() }}</h2>
    <mat-dialog-content>
      <p class="untrusted">{{ body() }}</p>
      @if (jails().length > 0) {
        <p class="muted untrusted">{{ m.addressesIn(jails().join(', ')) }}</p>
      }
      @if (isTyped()) {
        <mat-form-field appearance="outline" subscriptSizing="dynamic">
          <mat-label>{{ common.typeToConfirm(common.confirmWord) }}</mat-label>
          <input
            #box
            matInput
            autocomplete="off"
            [value]="word()"
            (input)="word.set(box.value)"
            (keydown.enter)="submit()"
          />
        </mat-form-field>
      }
      @if (isBusy() && total > 500) {
        <mat-progress-bar [value]="(done() / total) * 100" [attr.aria-label]="result.progress(done(), total)" />
        <p class="muted">{{ result.progress(done(), total) }}</p>
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
      <button
        matButton="filled"
        type="button"
        [class.danger-button]="isTyped()"
        [disabled]="!isConfirmed() || isBusy()"
        (click)="submit()"
      >
        {{ data.kind === 'everything' ? m.submitEverything : m.submit(addresses) }}
      </button>
    </mat-dialog-actions>`,
  styles: `
    mat-form-field,
    bailiff-problem,
    bailiff-outcomes,
    mat-progress-bar {
      margin-top: 16px;
    }
  `,
})
export class UnbanDialog {
  protected readonly data = inject<UnbanDialogData>(MAT_DIALOG_DATA);
  private readonly dialog = inject<MatDialogRef<UnbanDialog, boolean>>(MatDialogRef);
  private readonly actions = inject(BanActions);
  private readonly all = inject(MESSAGES);
  protected readonly m = this.all.bans.unbanDialog;
  protected readonly result = this.all.bans.result;
  protected readonly common = this.all.common;

  protected readonly word = signal('');
  protected readonly isBusy = signal(false);
  protected readonly done = signal(0);
  protected readonly problem = signal<ApiProblem | undefined>(undefined);
  protected readonly failures = signal<readonly BanOutcome[]>([]);

  protected readonly total = this.data.kind === 'targets' ? this.data.targets.length : (this.data.count ?? 0);
  /** One address may be banned in several jails, and on several hosts. */
  protected readonly addresses =
    this.data.kind === 'targets' ? new Set(this.data.targets.map(({ address }) => address)).size : this.total;
  protected readonly isTyped = computed(() => this.data.kind === 'everything' || this.total > TYPED_ABOVE);
  protected readonly isConfirmed = computed(
    () => !this.isTyped() || this.word().trim().toLowerCase() === this.common.confirmWord,
  );
  protected readonly jails = computed(() =>
    this.data.kind === 'targets' ? [...new Set(this.data.targets.map(({ jail }) => jail))].sort() : [],
  );
  protected readonly title = computed(() => {
    if (this.data.kind === 'targets') {
      const [first] = this.data.targets;
      const hosts = new Set(this.data.targets.map(({ hostId }) => hostId)).size;
      if (this.addresses === 1 && first !== undefined) return this.m.title(this.m.one(first.address, hosts));
      return this.m.title(this.m.what(this.addresses, hosts));
    }
    const where = this.data.jail ?? this.m.allJails;
    return this.m.everythingTitle(`${where} ${this.m.onHosts(this.data.hostIds.length)}`);
  });
  protected readonly body = computed(() =>
    this.data.kind === 'targets' ? this.m.body : this.m.everythingBody(this.data.count),
  );

  protected async submit(): Promise<void> {
    if (!this.isConfirmed() || this.isBusy()) return;
    this.isBusy.set(true);
    this.problem.set(undefined);
    try {
      const outcomes = await this.send();
      this.failures.set(outcomes.filter(({ result }) => result === 'failed' || result === 'unknown'));
      if (this.failures().length > 0) return;
      this.actions.report(outcomes);
      this.dialog.close(true);
    } catch (error) {
      this.problem.set(ApiProblem.from(error));
    } finally {
      this.isBusy.set(false);
    }
  }

  protected dismiss(): void {
    this.dialog.close(false);
  }

  private async send(): Promise<readonly BanOutcome[]> {
    if (this.data.kind === 'targets') return this.actions.unbanTargets(this.data.targets, (n) => this.done.set(n));
    const { hostIds, jail } = this.data;
    const request = { hostIds: [...hostIds], everything: true, ...(jail === undefined ? {} : { jails: [jail] }) };
    return (await this.actions.unban(request)).outcomes;
  }
}
