import { Component, computed, DestroyRef, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import type { AuditEntry, AuditResult } from '@bailiff/contracts/http';
import { mdiTextBoxSearchOutline } from '@mdi/js';
import { definedParams, withQuery } from '../api/query-string';
import { CopyButton } from '../display/copy-button';
import { EmptyState } from '../display/empty-state';
import { Fact } from '../display/fact';
import { Moment } from '../display/moment';
import { PageHead } from '../display/page-head';
import { StatusDot, type Tone } from '../display/status-dot';
import { isRange, RANGES, rangeParams } from '../history/time-range';
import { HostScope } from '../hosts/host-scope';
import { MESSAGES } from '../messages/messages';
import type { Column } from '../table/column';
import { DataTable } from '../table/data-table';
import { PagedSource } from '../table/paged-source';
import type { TableFilter } from '../table/table-filter';
import { urlTableQuery } from '../table/table-query';
import { CellTemplate, DetailTemplate, EmptyTemplate } from '../table/table-templates';
import { Clock } from '../time/clock';
import { TimeFormat } from '../time/time-format';

const TONES: Record<AuditResult, Tone> = { ok: 'ok', failed: 'danger', pending: 'busy', unknown: 'warn' };
const RESULTS: readonly AuditResult[] = ['ok', 'failed', 'pending', 'unknown'];
const REFRESH_MS = 30_000;

/** Every change: who, from where, what, with which result. */
@Component({
  selector: 'bailiff-audit-log',
  imports: [
    CellTemplate,
    CopyButton,
    DataTable,
    DetailTemplate,
    EmptyState,
    EmptyTemplate,
    Fact,
    MatButton,
    Moment,
    PageHead,
    StatusDot,
  ],
  templateUrl: './audit-log.html',
  styleUrl: './audit-log.scss',
})
export class AuditLog {
  private readonly scope = inject(HostScope);
  protected readonly time = inject(TimeFormat);
  protected readonly m = inject(MESSAGES).audit;
  private readonly history = inject(MESSAGES).history;
  private readonly ranges = inject(MESSAGES).dashboard.ranges;
  private readonly openedAt = inject(Clock).now();
  protected readonly icon = mdiTextBoxSearchOutline;

  protected readonly query = urlTableQuery({ sort: '-at', filters: ['range', 'action', 'result'] });
  private readonly params = computed(() => {
    const { range, action, result } = this.query.filters();
    const [host, ...others] = (this.scope.param() ?? '').split(',');
    // The audit log takes one host; with several chosen it shows all.
    return definedParams({
      q: this.query.q(),
      action,
      result,
      host: others.length === 0 ? host : undefined,
      ...(isRange(range) ? rangeParams(range, this.openedAt) : {}),
    });
  });
  protected readonly source = new PagedSource<AuditEntry>({
    url: 'api/v1/audit',
    params: this.params,
    key: ({ id }) => id,
  });
  protected readonly filters = computed<readonly TableFilter[]>(() => [
    {
      id: 'range',
      label: this.history.range,
      options: RANGES.map((range) => ({ value: range, label: this.ranges[range] })),
    },
    {
      id: 'action',
      label: this.m.action,
      options: [...new Set(this.source.rows().map(({ action }) => action))]
        .sort()
        .map((value) => ({ value, label: value })),
    },
    { id: 'result', label: this.m.result, options: RESULTS.map((value) => ({ value, label: this.m.results[value] })) },
  ]);
  protected readonly exports = computed(() => ({
    csv: withQuery('api/v1/audit/export', { ...this.params(), format: 'csv' }),
    jsonl: withQuery('api/v1/audit/export', { ...this.params(), format: 'jsonl' }),
  }));
  protected readonly columns: readonly Column<AuditEntry>[] = [
    { id: 'at', label: this.m.time, min: 100, grow: 0, priority: 1, card: 'aside' },
    { id: 'actor', label: this.m.actor, min: 100, grow: 0.7, priority: 1, card: 'meta', text: ({ actor }) => actor },
    { id: 'address', label: this.m.address, min: 120, grow: 0.6, priority: 3 },
    { id: 'action', label: this.m.action, min: 180, grow: 0.8, priority: 1, card: 'title' },
    {
      id: 'target',
      label: this.m.target,
      min: 140,
      grow: 2,
      priority: 1,
      card: 'meta',
      text: ({ target }) => target ?? '',
    },
    { id: 'host', label: this.m.host, min: 100, grow: 0.8, priority: 2, text: ({ hostName }) => hostName ?? '' },
    { id: 'result', label: this.m.result, min: 92, grow: 0, priority: 1, card: 'aside' },
  ];
  protected readonly toneOf = (result: AuditResult): Tone => TONES[result];

  constructor() {
    // The feed does not carry audit rows; while one looks at the top, a quiet look now and then keeps it current.
    const timer = setInterval(() => {
      if (this.source.phase() === 'ready' && this.source.rows().length <= 200) this.source.reload();
    }, REFRESH_MS);
    inject(DestroyRef).onDestroy(() => clearInterval(timer));
  }

  protected asText(value: unknown): string {
    return value === null || value === undefined ? '' : JSON.stringify(value, null, 2);
  }

  protected find(correlationId: string): void {
    this.query.set({ q: correlationId });
  }
}
