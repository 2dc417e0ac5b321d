import { httpResource } from '@angular/common/http';
import { Component, computed, inject, input, linkedSignal, signal } from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MatCheckbox } from '@angular/material/checkbox';
import { MatDialog } from '@angular/material/dialog';
import { MatFormField, MatHint, MatInput, MatLabel } from '@angular/material/input';
import { MatOption, MatSelect } from '@angular/material/select';
import { MatSlideToggle, type MatSlideToggleChange } from '@angular/material/slide-toggle';
import { RouterLink } from '@angular/router';
import type { IgnoreChange, IgnoreChangeResult, IgnoreEntry, IgnoreList, IgnoreLists } from '@bailiff/contracts/http';
import { mdiClose } from '@mdi/js';
import { firstValueFrom } from 'rxjs';
import { ApiProblem } from '../api/api-problem';
import { BanActions } from '../bans/ban-actions';
import { Fact } from '../display/fact';
import { Format } from '../display/format';
import { Icon } from '../display/icon';
import { ProblemNotice } from '../display/problem-notice';
import { MESSAGES } from '../messages/messages';
import { readIgnoreWords } from './ignore-words';
import { JailRights } from './jail-rights';
import { hostPath, JailsApi } from './jails-api';
import type { RemoveIgnoredData } from './remove-ignored-dialog';

/** Whom a jail never counts: seen, added and removed, now and for good. */
@Component({
  selector: 'bailiff-jail-ignore-list',
  imports: [
    Fact,
    Icon,
    MatButton,
    MatCheckbox,
    MatFormField,
    MatHint,
    MatIconButton,
    MatInput,
    MatLabel,
    MatOption,
    MatSelect,
    MatSlideToggle,
    ProblemNotice,
    RouterLink,
  ],
  templateUrl: './jail-ignore-list.html',
  styleUrl: './jail-ignore-list.scss',
})
export class JailIgnoreList {
  private readonly api = inject(JailsApi);
  private readonly rights = inject(JailRights);
  private readonly dialog = inject(MatDialog);
  private readonly bans = inject(BanActions);
  protected readonly format = inject(Format);
  protected readonly all = inject(MESSAGES);
  protected readonly m = this.all.jail.ignore;
  protected readonly icon = mdiClose;
  readonly hostId = input.required<string>();
  readonly jail = input.required<string>();

  protected readonly lists = httpResource<IgnoreLists>(() => ({
    url: `${hostPath(this.hostId())}/ignore-lists`,
    params: { jail: this.jail() },
  }));
  private readonly known = linkedSignal<IgnoreLists | undefined, IgnoreLists | undefined>({
    source: () => (this.lists.hasValue() ? this.lists.value() : undefined),
    computation: (loaded, previous) => loaded ?? previous?.value,
  });
  protected readonly list = computed<IgnoreList | undefined>(() => this.known()?.lists[0]);
  protected readonly sourceProblem = computed(() => this.known()?.problem ?? null);
  protected readonly whyNot = computed(() => this.rights.whyNot(this.hostId()));

  protected readonly text = signal('');
  protected readonly everywhere = signal(false);
  protected readonly permanent = signal(false);
  protected readonly isBusy = signal(false);
  protected readonly problem = signal<ApiProblem | undefined>(undefined);
  protected readonly result = signal<IgnoreChangeResult | undefined>(undefined);
  protected readonly words = computed(() => readIgnoreWords(this.text()));
  protected readonly summary = computed(() => this.summarise(this.result()));
  protected readonly still = computed(() => this.result()?.stillBanned ?? []);
  protected readonly stillText = computed(() =>
    this.still()
      .slice(0, 5)
      .map(({ jail, address }) => `${address} (${jail})`)
      .join(', '),
  );

  protected async add(): Promise<void> {
    const { entries, invalid } = this.words();
    if (entries.length === 0 || invalid.length > 0) return;
    if (await this.change({ add: [...entries] })) this.text.set('');
  }

  protected async setIgnoreself({ checked, source }: MatSlideToggleChange): Promise<void> {
    // What fail2ban has is shown, not what was wished for.
    source.checked = !checked;
    await this.change({ ignoreself: checked });
  }

  protected async remove(entry: IgnoreEntry): Promise<void> {
    const { RemoveIgnoredDialog } = await import('./remove-ignored-dialog');
    const data: RemoveIgnoredData = { hostId: this.hostId(), jail: this.jail(), entry };
    const closed = this.dialog
      .open<unknown, RemoveIgnoredData, IgnoreChangeResult>(RemoveIgnoredDialog, { data, width: '520px' })
      .afterClosed();
    const result = await firstValueFrom(closed);
    if (result === undefined) return;
    this.problem.set(undefined);
    this.result.set(result);
    this.lists.reload();
  }

  protected async unban(): Promise<void> {
    const targets = this.still().map(({ jail, address }) => ({ hostId: this.hostId(), jail, address }));
    if (await this.bans.openUnban({ kind: 'targets', targets }))
      this.result.update((result) => result && { ...result, stillBanned: [] });
  }

  private async change(change: IgnoreChange): Promise<boolean> {
    if (this.isBusy()) return false;
    this.isBusy.set(true);
    this.problem.set(undefined);
    this.result.set(undefined);
    const where = this.everywhere() ? {} : { jails: [this.jail()] };
    try {
      this.result.set(
        await this.api.changeIgnoreLists(this.hostId(), { ...change, ...where, permanent: this.permanent() }),
      );
      return true;
    } catch (error) {
      this.problem.set(ApiProblem.from(error));
      return false;
    } finally {
      this.isBusy.set(false);
      this.lists.reload();
    }
  }

  private summarise(result: IgnoreChangeResult | undefined): readonly string[] {
    if (result === undefined) return [];
    const failed = result.outcomes.filter((outcome) => outcome.result === 'failed');
    const unchanged = result.outcomes.filter((outcome) => outcome.result === 'unchanged').length;
    const changed = result.outcomes.length - failed.length - unchanged;
    return [
      ...(failed.length < result.outcomes.length ? [this.m.done(changed, unchanged)] : []),
      ...failed.slice(0, 3).map(({ jail, entry, detail }) => this.m.failed(`${entry ?? ''} ${jail}: ${detail ?? ''}`)),
      ...(result.isPermanent === true ? [this.m.written] : []),
      ...(result.isPermanent === false ? [this.m.notWritten(result.permanentDetail ?? '')] : []),
    ];
  }
}
