import { httpResource } from '@angular/common/http';
import { Component, computed, effect, inject, signal, untracked } from '@angular/core';
import { FormField, form } from '@angular/forms/signals';
import { MatButton } from '@angular/material/button';
import { MatButtonToggle, MatButtonToggleGroup } from '@angular/material/button-toggle';
import { MatFormField, MatHint, MatInput, MatLabel } from '@angular/material/input';
import { MatOption, MatSelect } from '@angular/material/select';
import { Router } from '@angular/router';
import type { BulkDirection, JailInfo } from '@bailiff/contracts/http';
import { ApiProblem } from '../api/api-problem';
import { DurationField } from '../bans/duration-field';
import { PageHead } from '../display/page-head';
import { ProblemNotice } from '../display/problem-notice';
import { HostDirectory } from '../hosts/host-directory';
import { isWatchedOnly } from '../jails/watched-only';
import { HostScope } from '../hosts/host-scope';
import { MESSAGES } from '../messages/messages';
import { UrlQuery } from '../url/url-query';
import { BulkApi } from './bulk-api';
import { BulkSteps } from './bulk-steps';
import { ListDrop, MAX_LIST_BYTES } from './list-drop';
import { ListHandover } from './list-handover';

/** A longer text is kept beside the field: browsers take seconds and more to lay out thousands of lines that are edited. */
const LONG_PASTE = 10_000;

interface BulkModel {
  readonly text: string;
  readonly hostIds: string[];
  readonly jails: string[];
}

/** First step: a list, and where it is to be banned or unbanned. The server reads it; the browser only hands it over. */
@Component({
  selector: 'bailiff-bulk-new',
  imports: [
    BulkSteps,
    DurationField,
    FormField,
    ListDrop,
    MatButton,
    MatButtonToggle,
    MatButtonToggleGroup,
    MatFormField,
    MatHint,
    MatInput,
    MatLabel,
    MatOption,
    MatSelect,
    PageHead,
    ProblemNotice,
  ],
  templateUrl: './bulk-new.html',
  styleUrl: './bulk-new.scss',
})
export class BulkNew {
  private readonly api = inject(BulkApi);
  private readonly router = inject(Router);
  private readonly url = inject(UrlQuery);
  private readonly directory = inject(HostDirectory);
  private readonly scope = inject(HostScope);
  protected readonly m = inject(MESSAGES).bulk;
  protected readonly dialog = inject(MESSAGES).bans.banDialog;

  protected readonly direction = computed<BulkDirection>(() =>
    this.url.params()['direction'] === 'unban' ? 'unban' : 'ban',
  );
  protected readonly hosts = computed(() => this.directory.hosts() ?? []);
  private readonly handed = inject(ListHandover).take();
  protected readonly model = signal<BulkModel>({ text: '', hostIds: [], jails: [...(this.handed?.jails ?? [])] });
  protected readonly form = form(this.model);
  protected readonly file = signal(this.handed?.file);
  /** Seconds; −1 for ever; undefined: the jail decides; null: what was typed is none. */
  protected readonly duration = signal<number | undefined | null>(undefined);
  protected readonly isTried = signal(false);
  protected readonly isBusy = signal(false);
  protected readonly problem = signal<unknown>(undefined);

  private readonly chosenHosts = computed(() => this.model().hostIds.join(','));
  private readonly jailsResource = httpResource<readonly JailInfo[]>(() => {
    const hosts = this.chosenHosts();
    return hosts === '' ? undefined : { url: 'api/v1/jails', params: { hosts } };
  });
  protected readonly jails = computed(() => {
    const jails = this.jailsResource.hasValue() ? this.jailsResource.value() : [];
    const running = jails.filter(
      ({ name, status }) => (status === 'running' || status === 'idle') && !isWatchedOnly(name),
    );
    return [...new Set(running.map(({ name }) => name))].sort();
  });
  protected readonly listError = computed(() => {
    const file = this.file();
    if (file === undefined) return this.model().text.trim() === '' ? this.m.noList : '';
    return file.size > MAX_LIST_BYTES ? this.m.tooLarge : '';
  });
  protected readonly jailError = computed(() => {
    if (this.model().jails.length > 0) return '';
    return this.jails().length === 0 && !this.jailsResource.isLoading() ? this.dialog.noJails : this.m.noJail;
  });

  constructor() {
    // The hosts may come in after the page has opened.
    effect(() => {
      const meant = this.handed?.hostIds ?? this.scope.hosts().map(({ id }) => id);
      const hostIds = meant.filter((id) => this.hindrance(id) === '');
      untracked(() => this.model.update((model) => (model.hostIds.length > 0 ? model : { ...model, hostIds })));
    });
    // Jails that the chosen hosts do not run are no choice. To unban means everywhere unless one says otherwise.
    effect(() => {
      const names = this.jails();
      const isUnban = this.direction() === 'unban';
      if (names.length === 0) return;
      untracked(() =>
        this.model.update((model) => {
          const kept = model.jails.filter((name) => names.includes(name));
          return { ...model, jails: kept.length === 0 && (isUnban || names.length === 1) ? [...names] : kept };
        }),
      );
    });
  }

  /** Whether a host can be chosen, and if not, why. */
  protected hindrance(hostId: string): string {
    const host = this.directory.byId(hostId);
    if (host?.state !== 'online') return this.dialog.offline;
    return host.groups.includes('ban') ? '' : this.dialog.notGranted;
  }

  protected turn(direction: BulkDirection): void {
    this.url.patch({ direction });
  }

  protected paste(event: ClipboardEvent): void {
    const text = event.clipboardData?.getData('text/plain') ?? '';
    if (text.length < LONG_PASTE) return;
    event.preventDefault();
    const before = this.model().text.trim();
    this.file.set(new File([before === '' ? text : `${before}\n${text}`], '', { type: 'text/plain' }));
  }

  protected async submit(): Promise<void> {
    this.isTried.set(true);
    const { hostIds, jails, text } = this.model();
    const [direction, duration] = [this.direction(), this.duration()];
    if (duration === null) return;
    if (this.listError() !== '' || this.jailError() !== '' || hostIds.length === 0 || this.isBusy()) return;
    this.isBusy.set(true);
    this.problem.set(undefined);
    const file = this.file();
    const lasting = direction === 'ban' && duration !== undefined ? { durationSeconds: duration } : {};
    try {
      const { job } = await this.api.upload({
        direction,
        hostIds,
        jails,
        list: file ?? text,
        ...(file === undefined || file.name === '' ? {} : { name: file.name.slice(0, 200) }),
        ...lasting,
      });
      await this.router.navigate(['/banned/lists', job.id], { queryParams: this.scope.link() });
    } catch (error) {
      this.problem.set(ApiProblem.from(error));
    } finally {
      this.isBusy.set(false);
    }
  }
}
