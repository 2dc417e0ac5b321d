import { Component, computed, effect, inject, input, untracked } from '@angular/core';
import type { BulkJob, BulkResultRow } from '@bailiff/contracts/http';
import { mdiFormatListChecks } from '@mdi/js';
import { definedParams, withQuery } from '../api/query-string';
import { EmptyState } from '../display/empty-state';
import { IpAddressText } from '../display/ip-address';
import { StatusDot } from '../display/status-dot';
import { MESSAGES } from '../messages/messages';
import type { Column } from '../table/column';
import { DataTable } from '../table/data-table';
import { PagedSource } from '../table/paged-source';
import type { TableFilter } from '../table/table-filter';
import { urlTableQuery } from '../table/table-query';
import { CellTemplate, EmptyTemplate } from '../table/table-templates';
import { RESULT_TONES, SHOWN_RESULTS } from './bulk-look';

/** What became of each entry, page by page as the server keeps it. */
@Component({
  selector: 'bailiff-bulk-results',
  imports: [CellTemplate, DataTable, EmptyState, EmptyTemplate, IpAddressText, StatusDot],
  template: `<bailiff-table
    name="bulk-results"
    [label]="m.resultTable"
    [columns]="columns"
    [source]="source"
    [query]="query"
    [filters]="filters()"
    [searchHint]="m.searchHint"
    [exports]="exports()"
  >
    <ng-template bailiffCell="address" [of]="source" let-row><bailiff-ip [address]="row.address" /></ng-template>
    <ng-template bailiffCell="result" [of]="source" let-row>
      <bailiff-status [tone]="tones[row.result]">{{ m.results[job().direction][row.result] }}</bailiff-status>
    </ng-template>
    <ng-template bailiffEmptyTable>
      <bailiff-empty [icon]="icon" [heading]="m.resultsEmptyTitle" [body]="m.resultsEmptyBody" />
    </ng-template>
  </bailiff-table>`,
})
export class BulkResults {
  protected readonly m = inject(MESSAGES).bulk;
  protected readonly tones = RESULT_TONES;
  protected readonly icon = mdiFormatListChecks;
  readonly job = input.required<BulkJob>();

  private readonly jobId = computed(() => this.job().id);
  protected readonly query = urlTableQuery({ sort: '', filters: ['result', 'host'] });
  private readonly params = computed(() => definedParams({ q: this.query.q(), ...this.query.filters() }));
  protected readonly source = new PagedSource<BulkResultRow>({
    url: () => `api/v1/bulk-jobs/${this.jobId()}/results`,
    params: () => this.params(),
    key: ({ id }) => id,
  });
  protected readonly filters = computed<readonly TableFilter[]>(() => {
    const words = this.m.results[this.job().direction];
    const hosts = new Map(this.job().parts.map(({ hostId, hostName }) => [hostId, hostName]));
    return [
      {
        id: 'result',
        label: this.m.result,
        options: SHOWN_RESULTS.map((result) => ({ value: result, label: words[result] })),
      },
      ...(hosts.size < 2
        ? []
        : [{ id: 'host', label: this.m.host, options: [...hosts].map(([value, label]) => ({ value, label })) }]),
    ];
  });
  protected readonly exports = computed(() => {
    const path = `api/v1/bulk-jobs/${this.jobId()}/results/export`;
    return {
      csv: withQuery(path, { ...this.params(), format: 'csv' }),
      jsonl: withQuery(path, { ...this.params(), format: 'jsonl' }),
    };
  });
  protected readonly columns: readonly Column<BulkResultRow>[] = [
    { id: 'address', label: this.m.address, min: 220, grow: 1.6, priority: 1, card: 'title' },
    { id: 'result', label: this.m.result, min: 170, grow: 0, priority: 1, card: 'aside' },
    { id: 'jail', label: this.m.jail, min: 110, grow: 1, priority: 2, card: 'meta', text: ({ jail }) => jail },
    { id: 'host', label: this.m.host, min: 110, grow: 1, priority: 3, card: 'meta', text: ({ hostName }) => hostName },
    {
      id: 'detail',
      label: this.m.detail,
      min: 160,
      grow: 2.4,
      priority: 2,
      card: 'meta',
      text: ({ detail }) => detail ?? '',
    },
  ];
  private readonly pending = computed(() => this.job().counts.pending);
  private seenPending = -1;

  constructor() {
    // What was shown as waiting has a result by now: looked at again as it goes, not at every address.
    effect(() => {
      const pending = this.pending();
      const isOver = this.job().endedAt !== null;
      untracked(() => {
        const isFirst = this.seenPending < 0;
        const hasMoved = this.seenPending - pending > Math.max(200, this.seenPending / 10);
        if (!isFirst && !hasMoved && !(isOver && pending !== this.seenPending)) return;
        this.seenPending = pending;
        if (!isFirst) this.source.reload();
      });
    });
  }
}
