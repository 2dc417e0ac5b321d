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
import type { BanCheck, BanOutcome, JailInfo } from '@bailiff/contracts/http';
import { ApiProblem } from '../api/api-problem';
import { ProblemNotice } from '../display/problem-notice';
import { HostDirectory } from '../hosts/host-directory';
import { HostScope } from '../hosts/host-scope';
import { MESSAGES } from '../messages/messages';
import { BanActions } from './ban-actions';
import { DurationField } from './duration-field';
import { networkSize, targetsText } from './targets-text';
import { readAddresses } from './address-list';
import { MAX_ADDRESSES } from './ban-target';
import { OutcomeList } from './outcome-list';

/** What the dialog starts with. */
export interface BanDialogData {
  readonly addresses?: string;
  readonly jail?: string;
  readonly hostId?: string;
  /** Jails of hosts, where several are meant. */
  readonly jails?: readonly string[];
  readonly hostIds?: readonly string[];
  readonly reason?: string;
  /** Seconds, −1 for ever. */
  readonly durationSeconds?: number;
}

/** Typing is over when nothing was typed for so long, milliseconds. */
const TYPED_MS = 300;

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
    jails: this.data.jail === undefined ? [...(this.data.jails ?? [])] : [this.data.jail],
    reason: this.data.reason ?? '',
  });
  protected readonly duration = signal<number | undefined | null>(this.data.durationSeconds);
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
  /** What must be typed to ban it all the same: the first address that is protected. */
  protected readonly guardedAddress = computed(() => {
    const refused = this.failures().find(({ code }) => code === 'ban/protected-address')?.address ?? undefined;
    const isRefused = this.problem()?.code === 'ban/protected-address' || refused !== undefined;
    const known = this.check()?.targets.find(({ guard }) => guard !== null)?.address;
    return isRefused ? (refused ?? known ?? this.list().addresses[0] ?? '') : '';
  });
  protected readonly needsForce = computed(() => this.guardedAddress() !== '');
  protected readonly check = signal<BanCheck | undefined>(undefined);
  protected readonly warnings = computed(() => this.warningsOf(this.check()));

  protected readonly addressError = computed(() => {
    const { addresses, invalid } = this.list();
    if (invalid.length > 0) return this.m.invalid(invalid.slice(0, 3).join(', '));
    if (addresses.length === 0) return this.m.noAddress;
    return addresses.length > MAX_ADDRESSES ? this.m.tooMany : '';
  });
  protected readonly submitText = computed(() => {
    const { jails, hostIds } = this.model();
    return this.m.submit(targetsText(this.list().addresses, this.m), jails.length, hostIds.length);
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
        this.failures.set([]);
        this.forceWord.set('');
      });
    });
    effect((onCleanup) => {
      const { addresses } = this.list();
      const { hostIds, jails } = this.model();
      const timer = setTimeout(() => void this.look([...addresses], hostIds, jails), TYPED_MS);
      onCleanup(() => clearTimeout(timer));
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

  protected sizeOf(network: string): string {
    return networkSize(network);
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
    const duration = this.duration();
    if (duration === null || this.addressError() !== '' || hostIds.length === 0 || jails.length === 0 || this.isBusy())
      return;
    this.isBusy.set(true);
    this.problem.set(undefined);
    try {
      const { outcomes } = await this.actions.ban({
        hostIds,
        jails,
        addresses: [...this.list().addresses],
        ...(reason.trim() === '' ? {} : { reason: reason.trim() }),
        ...(duration === undefined ? {} : { durationSeconds: duration }),
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

  /** Asks what the ban would mean; an answer to what was typed before is dropped. */
  private async look(addresses: string[], hostIds: string[], jails: string[]): Promise<void> {
    if (addresses.length === 0 || addresses.length > MAX_ADDRESSES) {
      this.check.set(undefined);
      return;
    }
    try {
      const check = await this.actions.check({ addresses, hostIds, jails });
      if (addresses.join() === this.list().addresses.join()) this.check.set(check);
    } catch {
      // Without it there are no warnings; the ban itself is checked all the same.
      this.check.set(undefined);
    }
  }

  private warningsOf(check: BanCheck | undefined): readonly string[] {
    if (check === undefined) return [];
    const { targets, jailsWithoutNetworks } = check;
    const privates = targets.filter(({ isPrivate }) => isPrivate).map(({ address }) => address);
    const shown = privates.slice(0, 3).join(', ') + (privates.length > 3 ? ' …' : '');
    const without = new Map(jailsWithoutNetworks.map((one) => [`${one.jail} ${one.family}`, one]));
    return [
      ...targets.filter(({ isTooWide }) => isTooWide).map(({ address }) => this.m.tooWide(address)),
      ...targets.flatMap(({ guard }) => (guard === null ? [] : [this.m.guarded(guard.detail)])).slice(0, 3),
      ...[...without.values()].slice(0, 3).map(({ jail, action, family }) => this.m.noNetworks(jail, action, family)),
      ...(privates.length > 0 ? [this.m.privateOnes(shown)] : []),
    ];
  }

  private initialHosts(): string[] {
    if (this.data.hostIds !== undefined) return this.data.hostIds.filter((id) => this.hindrance(id) === '');
    if (this.data.hostId !== undefined) return [this.data.hostId];
    return this.scope
      .hosts()
      .filter(({ id }) => this.hindrance(id) === '')
      .map(({ id }) => id);
  }
}
