import { Component, computed, inject, signal } from '@angular/core';
import { FormField, form, maxLength } from '@angular/forms/signals';
import { MatButton } from '@angular/material/button';
import {
  MAT_DIALOG_DATA,
  MatDialogActions,
  MatDialogContent,
  MatDialogRef,
  MatDialogTitle,
} from '@angular/material/dialog';
import { MatFormField, MatHint, MatInput, MatLabel } from '@angular/material/input';
import { MatOption, MatSelect } from '@angular/material/select';
import type { AllowEntry } from '@bailiff/contracts/http';
import { tryParseNetwork } from '@bailiff/ip';
import { ApiProblem } from '../api/api-problem';
import { DurationField } from '../bans/duration-field';
import { networkSize } from '../bans/targets-text';
import { ProblemNotice } from '../display/problem-notice';
import { HostDirectory } from '../hosts/host-directory';
import { JailDirectory } from '../jails/jail-directory';
import { isWatchedOnly } from '../jails/watched-only';
import { MESSAGES } from '../messages/messages';
import { AllowApi } from './allow-api';

/** Allows an address, or changes until when and why it is allowed. */
@Component({
  selector: 'bailiff-allow-dialog',
  imports: [
    DurationField,
    FormField,
    MatButton,
    MatDialogActions,
    MatDialogContent,
    MatDialogTitle,
    MatFormField,
    MatHint,
    MatInput,
    MatLabel,
    MatOption,
    MatSelect,
    ProblemNotice,
  ],
  template: `<h2 mat-dialog-title class="untrusted">{{ entry ? m.editTitle(entry.address) : m.addTitle }}</h2>
    <mat-dialog-content>
      <form class="fields" id="allow-form" (submit)="submit(); $event.preventDefault()">
        @if (!entry) {
          <mat-form-field appearance="outline" subscriptSizing="dynamic">
            <mat-label>{{ m.address }}</mat-label>
            <input
              matInput
              class="mono"
              dir="ltr"
              spellcheck="false"
              autocomplete="off"
              [formField]="form.address"
              [attr.aria-invalid]="isTried() && !network()"
            />
            <mat-hint>{{ m.addressHint }}</mat-hint>
          </mat-form-field>
          @if (isTried() && !network()) {
            <p class="wrong" role="alert">{{ m.invalid }}</p>
          }
          @if (network(); as known) {
            @if (sizeOf(known) !== '1') {
              <p class="note">{{ bans.network(known, sizeOf(known)) }}</p>
            }
          }
        }
        <bailiff-duration [byJail]="false" [(seconds)]="duration" />
        <mat-form-field appearance="outline" subscriptSizing="dynamic">
          <mat-label>{{ m.comment }}</mat-label>
          <input matInput autocomplete="off" [formField]="form.comment" />
          <mat-hint>{{ m.commentHint }}</mat-hint>
        </mat-form-field>
        @if (!entry) {
          <mat-form-field appearance="outline" subscriptSizing="dynamic">
            <mat-label>{{ m.where }}</mat-label>
            <mat-select [formField]="form.where">
              <mat-option value="">{{ m.everyHost }}</mat-option>
              @for (tag of directory.tags(); track tag) {
                <mat-option [value]="'tag:' + tag">{{ m.tagged(tag) }}</mat-option>
              }
              <mat-option value="hosts">{{ m.someHosts }}</mat-option>
            </mat-select>
          </mat-form-field>
          @if (model().where === 'hosts') {
            <mat-form-field appearance="outline" subscriptSizing="dynamic">
              <mat-label>{{ m.hosts }}</mat-label>
              <mat-select multiple [formField]="form.hostIds">
                @for (host of directory.hosts() ?? []; track host.id) {
                  <mat-option [value]="host.id">{{ host.name }}</mat-option>
                }
              </mat-select>
            </mat-form-field>
            @if (isTried() && model().hostIds.length === 0) {
              <p class="wrong" role="alert">{{ bans.noHost }}</p>
            }
          }
          <mat-form-field appearance="outline" subscriptSizing="dynamic">
            <mat-label>{{ m.jails }}</mat-label>
            <mat-select multiple [formField]="form.jails">
              @for (name of jails(); track name) {
                <mat-option [value]="name">{{ name }}</mat-option>
              }
            </mat-select>
            <mat-hint>{{ m.jailsHint }}</mat-hint>
          </mat-form-field>
        }
      </form>
      @if (problem(); as error) {
        <bailiff-problem [error]="error" />
      }
    </mat-dialog-content>
    <mat-dialog-actions>
      <button matButton type="button" (click)="dialog.close()">{{ common.cancel }}</button>
      <button matButton="filled" type="submit" form="allow-form" [disabled]="isBusy()" [class.busy]="isBusy()">
        {{ entry ? common.save : m.add }}
      </button>
    </mat-dialog-actions>`,
  styleUrl: './allow-dialog.scss',
})
export class AllowDialog {
  /** Present: it is changed. */
  protected readonly entry = inject<AllowEntry | null>(MAT_DIALOG_DATA, { optional: true });
  private readonly api = inject(AllowApi);
  protected readonly dialog = inject<MatDialogRef<AllowDialog, boolean>>(MatDialogRef);
  protected readonly directory = inject(HostDirectory);
  protected readonly jailDirectory = inject(JailDirectory);
  protected readonly jails = computed(() => this.jailDirectory.names().filter((name) => !isWatchedOnly(name)));
  protected readonly m = inject(MESSAGES).allow;
  protected readonly bans = inject(MESSAGES).bans.banDialog;
  protected readonly common = inject(MESSAGES).common;

  protected readonly model = signal({
    address: '',
    comment: this.entry?.comment ?? '',
    where: '',
    hostIds: [] as string[],
    jails: [] as string[],
  });
  protected readonly form = form(this.model, (path) => {
    maxLength(path.comment, 200);
  });
  /** Seconds; −1 or undefined: until it is removed. */
  private readonly initial = remainingSeconds(this.entry?.expiresAt ?? null);
  protected readonly duration = signal<number | undefined | null>(this.initial);
  protected readonly network = computed(() => tryParseNetwork(this.model().address.trim()));
  protected readonly isTried = signal(false);
  protected readonly isBusy = signal(false);
  protected readonly problem = signal<ApiProblem | undefined>(undefined);
  protected readonly sizeOf = networkSize;

  /** Fills in the address of a new entry, as the page it was opened from knows it. */
  startWith(address: string): void {
    this.model.update((model) => ({ ...model, address }));
  }

  protected async submit(): Promise<void> {
    this.isTried.set(true);
    const { where, hostIds } = this.model();
    const isMissing =
      this.entry === null && (this.network() === undefined || (where === 'hosts' && hostIds.length === 0));
    if (isMissing || this.duration() === null || this.isBusy()) return;
    this.isBusy.set(true);
    this.problem.set(undefined);
    try {
      const { address, hosts } = await (this.entry === null ? this.add() : this.change(this.entry));
      const failure = hosts.find(({ state }) => state === 'failed');
      this.api.say(
        failure === undefined
          ? this.m.changed(address)
          : this.m.changedNotAll(address, failure.hostName, failure.detail ?? this.m.states.failed),
      );
      this.dialog.close(true);
    } catch (error) {
      this.problem.set(ApiProblem.from(error));
    } finally {
      this.isBusy.set(false);
    }
  }

  private add(): Promise<AllowEntry> {
    const { comment, where, hostIds, jails } = this.model();
    const seconds = this.duration() ?? -1;
    return this.api.add({
      address: this.network() ?? '',
      ...(seconds < 0 ? {} : { durationSeconds: seconds }),
      ...(comment.trim() === '' ? {} : { comment: comment.trim() }),
      ...(where === 'hosts' ? { hostIds } : {}),
      ...(where.startsWith('tag:') ? { tag: where.slice(4) } : {}),
      ...(jails.length === 0 ? {} : { jails }),
    });
  }

  private change({ id }: AllowEntry): Promise<AllowEntry> {
    const seconds = this.duration() ?? -1;
    // What was there to begin with is not an end that somebody chose.
    const isSame = seconds === this.initial;
    return this.api.change(id, {
      comment: this.model().comment.trim(),
      ...(isSame ? {} : { durationSeconds: Math.max(0, seconds) }),
    });
  }
}

/** Whole minutes until a moment, in seconds; −1 when there is none. */
function remainingSeconds(at: string | null): number {
  return at === null ? -1 : Math.max(60, Math.round((Date.parse(at) - Date.now()) / 60_000) * 60);
}
