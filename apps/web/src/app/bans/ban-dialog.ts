import { httpResource } from '@angular/common/http';
import { Component, computed, effect, inject, signal, untracked } from '@angular/core';
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
import type { BanOutcome, JailInfo } from '@bailiff/contracts/http';
import { ApiProblem } from '../api/api-problem';
import { ProblemNotice } from '../display/problem-notice';
import { HostDirectory } from '../hosts/host-directory';
import { HostScope } from '../hosts/host-scope';
import { MESSAGES } from '../messages/messages';
import { BanActions } from './ban-actions';
import { readAddresses } from './address-list';
import { MAX_ADDRESSES } from './ban-target';
import { OutcomeList } from './outcome-list';

/** What the dialog starts with. */
export interface BanDialogData {
  readonly addresses?: string;
  readonly jail?: string;
  readonly hostId?: string;
}

interface BanModel {
  readonly addresses: string;
  readonly hostIds: string[];
  readonly jails: string[];
  readonly reason: string;
}

/** Bans addresses in chosen jails of chosen hosts, naming what will be banned; a protected address takes a typed word. */
@Component({
  selector: 'bailiff-ban-dialog',
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
    MatOption,
    MatSelect,
    OutcomeList,
    ProblemNotice,
  ],
  templateUrl: './ban-dialog.html',
  styleUrl: './ban-dialog.scss',
})
export class BanDialog {
  private readonly data = inject<BanDialogData>(MAT_DIALOG_DATA);
  private readonly dialog = inject<MatDialogRef<BanDialog>>(MatDialogRef);
  private readonly actions = inject(BanActions);
  private readonly directory = inject(HostDirectory);
  private readonly scope = inject(HostScope);
  protected readonly m = inject(MESSAGES).bans.banDialog;
  protected readonly common = inject(MESSAGES).common;

  protected readonly hosts = computed(() => this.directory.hosts() ?? []);
  protected readonly model = signal<BanModel>({
    addresses: this.data.addresses ?? '',
    hostIds: [],
    jails: this.data.jail === undefined ? [] : [this.data.jail],
    reason: '',
  });
  protected readonly form = form(this.model, (path) => {
    maxLength(path.reason, 200);
  });
  /** A text of its own, so that other fields of the model changing does not ask for the jails anew. */
  private readonly chosenHosts = computed(() => this.model().hostIds.join(','));
  private readonly jailsResource = httpResource<readonly JailInfo[]>(() => {
    const hosts = this.chosenHosts();
    return hosts === '' ? undefined : { url: 'api/v1/jails', params: { hosts } };
  });
  protected readonly jails = computed(() => {
    const jails = this.jailsResource.hasValue() ? this.jailsResource.value() : [];
    return [
      ...new Set(jails.filter(({ status }) => status === 'running' || status === 'idle').map(({ name }) => name)),
    ].sort();
  });
  protected readonly isLoadingJails = this.jailsResource.isLoading;

  protected readonly list = computed(() => readAddresses(this.model().addresses));
  protected readonly isTried = signal(false);
  protected readonly isBusy = signal(false);
  protected readonly problem = signal<ApiProblem | undefined>(undefined);
  protected readonly failures = signal<readonly BanOutcome[]>([]);
  protected readonly forceWord = signal('');
  protected readonly needsForce = computed(() => this.problem()?.code === 'ban/protected-address');

  protected readonly addressError = computed(() => {
    const { addresses, invalid } = this.list();
    if (invalid.length > 0) return this.m.invalid(invalid.slice(0, 3).join(', '));
    if (addresses.length === 0) return this.m.noAddress;
    return addresses.length > MAX_ADDRESSES ? this.m.tooMany : '';
  });
  protected readonly submitText = computed(() => {
    const { jails, hostIds } = this.model();
    return this.m.submit(Math.max(1, this.list().addresses.length), jails.length, hostIds.length);
  });

  constructor() {
    // The hosts may come in after the dialog has opened.
    effect(() => {
      const hostIds = this.initialHosts();
      untracked(() => this.model.update((model) => (model.hostIds.length > 0 ? model : { ...model, hostIds })));
    });
    // What a refusal was about has changed: it must not be forced on something else.
    effect(() => {
      this.model();
      untracked(() => {
        this.problem.set(undefined);
        this.forceWord.set('');
      });
    });
    // Jails that the chosen hosts do not run are no choice; a single one needs no choosing.
    effect(() => {
      const names = this.jails();
      if (names.length === 0) return;
      untracked(() =>
        this.model.update((model) => {
          const kept = model.jails.filter((name) => names.includes(name));
          const [only] = names;
          return { ...model, jails: kept.length === 0 && names.length === 1 && only !== undefined ? [only] : kept };
        }),
      );
    });
  }

  /** Whether a ban can be sent to a host, and if not, why. */
  protected hindrance(hostId: string): string {
    const host = this.directory.byId(hostId);
    if (host?.state !== 'online') return this.m.offline;
    return host.groups.includes('ban') ? '' : this.m.notGranted;
  }

  protected async submit(force = false): Promise<void> {
    this.isTried.set(true);
    const { hostIds, jails, reason } = this.model();
    if (this.addressError() !== '' || hostIds.length === 0 || jails.length === 0 || this.isBusy()) return;
    this.isBusy.set(true);
    this.problem.set(undefined);
    try {
      const { outcomes } = await this.actions.ban({
        hostIds,
        jails,
        addresses: [...this.list().addresses],
        ...(reason.trim() === '' ? {} : { reason: reason.trim() }),
        ...(force ? { force } : {}),
      });
      const failures = outcomes.filter(({ result }) => result === 'failed' || result === 'unknown');
      this.failures.set(failures);
      if (failures.length > 0) return;
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

  private initialHosts(): string[] {
    if (this.data.hostId !== undefined) return [this.data.hostId];
    return this.scope
      .hosts()
      .filter(({ id }) => this.hindrance(id) === '')
      .map(({ id }) => id);
  }
}
