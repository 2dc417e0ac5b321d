import { httpResource } from '@angular/common/http';
import { Component, DestroyRef, inject, linkedSignal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatProgressBar } from '@angular/material/progress-bar';
import { RouterLink } from '@angular/router';
import type { BulkJob } from '@bailiff/contracts/http';
import { mdiPlaylistMinus, mdiPlaylistPlus, mdiProgressClock } from '@mdi/js';
import { EmptyState } from '../display/empty-state';
import { Format } from '../display/format';
import { Icon } from '../display/icon';
import { Moment } from '../display/moment';
import { PageHead } from '../display/page-head';
import { ProblemNotice } from '../display/problem-notice';
import { StatusDot } from '../display/status-dot';
import { HostScope } from '../hosts/host-scope';
import { LiveFeed } from '../live/live-feed';
import { MESSAGES } from '../messages/messages';
import { Session } from '../session/session';
import { jobTone, SHOWN_RESULTS } from './bulk-look';

/** Lists that are being banned or unbanned, and those of the last weeks. */
@Component({
  selector: 'bailiff-bulk-list',
  imports: [EmptyState, Icon, MatButton, MatProgressBar, Moment, PageHead, ProblemNotice, RouterLink, StatusDot],
  templateUrl: './bulk-list.html',
  styleUrl: './bulk-list.scss',
})
export class BulkList {
  protected readonly scope = inject(HostScope);
  protected readonly session = inject(Session);
  protected readonly format = inject(Format);
  protected readonly m = inject(MESSAGES).bulk;
  protected readonly tone = jobTone;
  protected readonly icons = { ban: mdiPlaylistPlus, unban: mdiPlaylistMinus, empty: mdiProgressClock };

  protected readonly resource = httpResource<readonly BulkJob[]>(() => 'api/v1/bulk-jobs');
  protected readonly jobs = linkedSignal<readonly BulkJob[] | undefined, readonly BulkJob[] | undefined>({
    source: () => (this.resource.hasValue() ? this.resource.value() : undefined),
    // While it reloads, what was known stays.
    computation: (loaded, previous) => loaded ?? previous?.value,
  });

  constructor() {
    const live = inject(LiveFeed);
    const destroyRef = inject(DestroyRef);
    live.on(['bulk_job'], destroyRef, ({ job }) => this.take(job));
    live.on(['resync', 'ready'], destroyRef, () => this.resource.reload());
  }

  protected link(direction: 'ban' | 'unban'): Record<string, string> {
    return { ...this.scope.link(), direction };
  }

  protected percent({ counts, entries, parts }: BulkJob): number {
    const total = entries * parts.length;
    return total === 0 ? 100 : ((total - counts.pending) * 100) / total;
  }

  /** `1,998 banned · 2 failed`. */
  protected outcome({ counts, direction }: BulkJob): string {
    return SHOWN_RESULTS.filter((result) => counts[result] > 0)
      .map((result) => this.m.counted(counts[result], this.m.results[direction][result]))
      .join(' · ');
  }

  protected hosts({ parts }: BulkJob): string {
    return [...new Set(parts.map(({ hostName }) => hostName))].join(', ');
  }

  private take(job: BulkJob): void {
    this.jobs.update((jobs) => {
      if (jobs === undefined) return jobs;
      return jobs.some(({ id }) => id === job.id)
        ? jobs.map((known) => (known.id === job.id ? job : known))
        : [job, ...jobs];
    });
  }
}
