import { HttpClient, httpResource } from '@angular/common/http';
import { Component, computed, effect, inject, linkedSignal, signal, untracked } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatFormField, MatInput, MatLabel } from '@angular/material/input';
import { MatOption, MatSelect } from '@angular/material/select';
import { MatSlideToggle } from '@angular/material/slide-toggle';
import { MatSnackBar } from '@angular/material/snack-bar';
import type { Ipv6Candidate, Ipv6Policy, Ipv6Prefix, Ipv6Preview } from '@bailiff/contracts/http';
import { mdiRadar } from '@mdi/js';
import { firstValueFrom } from 'rxjs';
import { ApiProblem } from '../api/api-problem';
import { EmptyState } from '../display/empty-state';
import { Moment } from '../display/moment';
import { ProblemNotice } from '../display/problem-notice';
import { StatusDot } from '../display/status-dot';
import { MESSAGES } from '../messages/messages';
import { Session } from '../session/session';
import type { Column } from '../table/column';
import { DataTable } from '../table/data-table';
import { ListSource } from '../table/list-source';
import { localTableQuery } from '../table/table-query';
import { CellTemplate, EmptyTemplate } from '../table/table-templates';

const PREFIXES: readonly Ipv6Prefix[] = [64, 56, 48];
const SAID_MS = 6_000;

/** The rule that bans an IPv6 prefix in the place of its addresses, with what it would do now. */
@Component({
  selector: 'bailiff-ipv6-rule',
  imports: [
    CellTemplate,
    DataTable,
    EmptyState,
    EmptyTemplate,
    MatButton,
    MatFormField,
    MatInput,
    MatLabel,
    MatOption,
    MatSelect,
    MatSlideToggle,
    Moment,
    ProblemNotice,
    StatusDot,
  ],
  templateUrl: './ipv6-rule.html',
  styleUrl: './ipv6-rule.scss',
})
export class Ipv6Rule {
  private readonly http = inject(HttpClient);
  private readonly snackBar = inject(MatSnackBar);
  protected readonly session = inject(Session);
  protected readonly m = inject(MESSAGES).ipv6;
  protected readonly common = inject(MESSAGES).common;
  protected readonly prefixes = PREFIXES;
  protected readonly icon = mdiRadar;

  protected readonly stored = httpResource<Ipv6Policy>(() => 'api/v1/ipv6-policy');
  /** Nothing is shown, nor can be saved, before the rule as it stands has been read. */
  protected readonly isKnown = signal(false);
  protected readonly enabled = signal(false);
  protected readonly prefixLength = signal<Ipv6Prefix>(64);
  protected readonly threshold = signal('4');
  protected readonly count = computed(() => {
    const n = Number(this.threshold());
    return Number.isInteger(n) && n >= 2 && n <= 100 ? n : null;
  });
  protected readonly isBusy = signal(false);
  protected readonly problem = signal<ApiProblem | undefined>(undefined);
  protected readonly loadProblem = computed(() => {
    const error = this.stored.error();
    return error === undefined ? undefined : ApiProblem.from(error);
  });

  private readonly preview = httpResource<Ipv6Preview>(() => {
    const threshold = this.count();
    if (!this.stored.hasValue() || threshold === null) return undefined;
    return { url: 'api/v1/ipv6-policy/preview', params: { prefixLength: this.prefixLength(), threshold } };
  });
  protected readonly known = linkedSignal<Ipv6Preview | undefined, Ipv6Preview | undefined>({
    source: () => (this.preview.hasValue() ? this.preview.value() : undefined),
    computation: (loaded, previous) => loaded ?? previous?.value,
  });
  protected readonly query = localTableQuery({ sort: '-addresses' });
  protected readonly source = new ListSource<Ipv6Candidate>({
    all: computed(() => this.known()?.candidates),
    error: this.preview.error,
    reload: () => this.preview.reload(),
    key: ({ hostId, jail, prefix }) => `${hostId} ${jail} ${prefix}`,
    query: this.query,
    sortBy: { addresses: ({ addresses }) => addresses.length, prefix: ({ prefix }) => prefix },
  });
  protected readonly columns: readonly Column<Ipv6Candidate>[] = [
    {
      id: 'prefix',
      label: this.m.column.prefix,
      sort: 'prefix',
      min: 180,
      grow: 1,
      priority: 1,
      card: 'title',
      isLogged: true,
      text: ({ prefix }) => prefix,
    },
    {
      id: 'where',
      label: this.m.column.where,
      min: 140,
      grow: 1,
      priority: 2,
      card: 'meta',
      text: ({ jail, hostName }) => `${jail} · ${hostName}`,
    },
    {
      id: 'addresses',
      isLogged: true,
      label: this.m.column.addresses,
      sort: 'addresses',
      min: 200,
      grow: 2,
      priority: 2,
      card: 'meta',
      text: ({ addresses }) =>
        `${addresses.length}: ${addresses.slice(0, 6).join(', ')}${addresses.length > 6 ? ' …' : ''}`,
    },
    { id: 'until', label: this.m.column.until, min: 230, grow: 0, priority: 3 },
    { id: 'verdict', label: this.m.column.verdict, min: 130, grow: 0, priority: 1, card: 'aside' },
    {
      id: 'why',
      label: this.m.column.why,
      min: 160,
      grow: 1.6,
      priority: 2,
      card: 'meta',
      text: ({ hindrance }) => hindrance ?? '',
    },
  ];

  constructor() {
    effect(() => {
      const policy = this.stored.hasValue() ? this.stored.value() : undefined;
      if (policy === undefined) return;
      untracked(() => {
        this.enabled.set(policy.enabled);
        this.prefixLength.set(policy.prefixLength);
        this.threshold.set(String(policy.threshold));
        this.isKnown.set(true);
      });
    });
  }

  protected async save(): Promise<void> {
    const threshold = this.count();
    if (threshold === null || this.isBusy()) return;
    this.isBusy.set(true);
    this.problem.set(undefined);
    try {
      const rule = { enabled: this.enabled(), prefixLength: this.prefixLength(), threshold };
      await firstValueFrom(this.http.put<Ipv6Policy>('api/v1/ipv6-policy', rule));
      this.snackBar.open(this.m.saved, this.common.close, { duration: SAID_MS });
      this.stored.reload();
      this.preview.reload();
    } catch (error) {
      this.problem.set(ApiProblem.from(error));
    } finally {
      this.isBusy.set(false);
    }
  }
}
