import { httpResource } from '@angular/common/http';
import { Component, computed, effect, inject, linkedSignal, signal, untracked } from '@angular/core';
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
import { readAddresses } from './address-list';
import { BanActions } from './ban-actions';
import { isWatchedOnly } from '../jails/watched-only';
import { MAX_ADDRESSES } from './ban-target';
import { DurationField } from './duration-field';
import { banWarnings } from './ban-warnings';
import { type GuardedTarget, guardedTargets } from './guarded-target';
import { GuardedTargets } from './guarded-targets';
import { OutcomeList } from './outcome-list';
import { networkSize, targetsText } from './targets-text';

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
const PROTECTED = 'ban/protected-address';

interface BanModel {
  readonly addresses: string;
  readonly hostIds: string[];
  readonly jails: string[];
  readonly reason: string;
}

/** Bans addresses in chosen jails of chosen hosts, naming what will be banned; protected ones are left out, or named and confirmed. */
@Component({
  selector: 'bailiff-ban-dialog',
  imports: [
    DurationField,
    FormField,
    GuardedTargets,
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
      ...new Set(
        jails
          .filter(({ name, status }) => (status === 'running' || status === 'idle') && !isWatchedOnly(name))
          .map(({ name }) => name),
      ),
    ].sort();
  });
  protected readonly isLoadingJails = this.jailsResource.isLoading;

  protected readonly list = computed(() => readAddresses(this.model().addresses));
  protected readonly isTried = signal(false);
  protected readonly isBusy = signal(false);
  // What a refusal was about changes with the model: it must not be forced on something else.
  protected readonly problem = linkedSignal<BanModel, ApiProblem | undefined>({
    source: this.model,
    computation: () => undefined,
  });
  private readonly outcomes = linkedSignal<BanModel, readonly BanOutcome[]>({
    source: this.model,
    computation: () => [],
  });
  private readonly failed = computed(() =>
    this.outcomes().filter(({ result }) => result === 'failed' || result === 'unknown'),
  );
  /** What could not be done for another reason than that it is protected. */
  protected readonly failures = computed(() => this.failed().filter(({ code }) => code !== PROTECTED));
  protected readonly check = signal<BanCheck | undefined>(undefined);
  /** Once the ban was refused for them: every target that is protected, by the console or by a host. Only these are forced. */
  protected readonly guarded = computed(() => {
    const refused = this.failed().filter(({ code }) => code === PROTECTED);
    const problem = this.problem();
    if (problem?.code !== PROTECTED && refused.length === 0) return [];
    const hostName = (id: string) => this.directory.byId(id)?.name ?? id;
    return guardedTargets(this.list().addresses, this.check(), refused, problem?.detail ?? '', hostName);
  });
  /** Where the hosts alone refused, everything else has been banned already. */
  private readonly isOthersDone = computed(() => this.failed().length > 0 && this.failures().length === 0);
  /** What is banned when the protected ones are left out. */
  protected readonly others = computed(() => {
    const guarded = new Set(this.guarded().map(({ address }) => address));
    return this.list().addresses.filter((address) => !guarded.has(address));
  });
  /** What must be typed: a single address itself, otherwise how many they are. */
  protected readonly forceBy = computed(() => {
    const [first, ...more] = this.guarded();
    return first === undefined || more.length > 0 ? this.m.guardedWord(this.guarded().length) : first.address;
  });
  // What was typed was about other targets once they change.
  protected readonly forceWord = linkedSignal<readonly GuardedTarget[], string>({
    source: this.guarded,
    computation: () => '',
  });
  protected readonly warnings = computed(() => {
    const check = this.check();
    return check === undefined ? [] : banWarnings(check, this.m, this.guarded().length > 0);
  });

  protected readonly leaveOutText = computed(() => {
    const { length } = this.guarded();
    return this.isOthersDone()
      ? this.m.leaveOut(length)
      : this.m.leaveOutAndBan(length, targetsText(this.others(), this.m));
  });

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

  /** @param forced those of the addresses that are banned although they are protected */
  protected async submit(forced: readonly string[] = []): Promise<void> {
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
        ...(forced.length > 0 ? { forced: [...forced] } : {}),
      });
      this.outcomes.set(outcomes);
      if (this.failed().length === 0) this.finish(outcomes);
    } catch (error) {
      const problem = ApiProblem.from(error);
      // Somebody else's list may have changed since it was looked at: all of them are named before any is forced.
      if (problem.code === PROTECTED) await this.look([...this.list().addresses], hostIds, jails);
      this.problem.set(problem);
    } finally {
      this.isBusy.set(false);
    }
  }

  /** Bans the others, unless that is done. */
  protected async leaveOut(): Promise<void> {
    if (this.isOthersDone()) {
      this.finish(this.outcomes().filter(({ code }) => code !== PROTECTED));
      return;
    }
    const addresses = this.others().join('\n');
    this.model.update((model) => ({ ...model, addresses }));
    await this.submit();
  }

  /** Bans everything, the protected ones that are shown included. */
  protected async force(): Promise<void> {
    if (this.forceWord().trim() !== this.forceBy()) return;
    await this.submit(this.guarded().map(({ address }) => address));
  }

  protected dismiss(): void {
    this.dialog.close();
  }

  private finish(outcomes: readonly BanOutcome[]): void {
    this.actions.report(outcomes);
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

  private initialHosts(): string[] {
    if (this.data.hostIds !== undefined) return this.data.hostIds.filter((id) => this.hindrance(id) === '');
    if (this.data.hostId !== undefined) return [this.data.hostId];
    return this.scope
      .hosts()
      .filter(({ id }) => this.hindrance(id) === '')
      .map(({ id }) => id);
  }
}
