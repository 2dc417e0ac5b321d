import { httpResource } from '@angular/common/http';
import { Component, computed, DestroyRef, inject, input, linkedSignal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import type { BulkDraft, BulkJob } from '@bailiff/contracts/http';
import { PageHead } from '../display/page-head';
import { ProblemNotice } from '../display/problem-notice';
import { HostScope } from '../hosts/host-scope';
import { LiveFeed } from '../live/live-feed';
import { MESSAGES } from '../messages/messages';
import { BulkPreviewView } from './bulk-preview';
import { BulkProgress } from './bulk-progress';
import { BulkResults } from './bulk-results';
import { BulkSteps } from './bulk-steps';

/** A moving job is asked for again this often, milliseconds, where the live feed brings nothing. */
const ASK_AGAIN_MS = 5_000;

/** One list: what it holds until it is started, and from then on what becomes of it. */
@Component({
  selector: 'bailiff-bulk-page',
  imports: [BulkPreviewView, BulkProgress, BulkResults, BulkSteps, MatButton, PageHead, ProblemNotice, RouterLink],
  template: `<bailiff-page-head [heading]="heading()">
      <a matButton="outlined" routerLink="/banned/lists" [queryParams]="scope.link()">{{ m.title }}</a>
    </bailiff-page-head>
    @if (job(); as current) {
      @if (current.state === 'draft') {
        <bailiff-bulk-steps at="preview" />
        @if (draft(); as found) {
          <bailiff-bulk-preview [draft]="found" (started)="started($event)" />
        }
      } @else {
        <bailiff-bulk-steps at="apply" [isOver]="current.endedAt !== null" />
        <bailiff-bulk-progress [job]="current" (changed)="take($event)" />
        <bailiff-bulk-results [job]="current" />
      }
    } @else if (resource.error(); as error) {
      <bailiff-problem [error]="error" [retryable]="true" (again)="resource.reload()" />
    } @else {
      <bailiff-bulk-steps at="preview" />
      <div class="skeleton tall" aria-hidden="true"></div>
    }`,
  styles: `
    .tall {
      height: 320px;
      border-radius: var(--radius-l);
      background: var(--inset);
    }
    bailiff-bulk-results {
      display: block;
      margin-top: var(--gap-4);
    }
  `,
})
export class BulkPage {
  protected readonly scope = inject(HostScope);
  protected readonly m = inject(MESSAGES).bulk;
  /** From the address. */
  readonly id = input.required<string>();

  protected readonly resource = httpResource<BulkDraft>(
    () => `api/v1/bulk-jobs/${encodeURIComponent(this.id())}/preview`,
  );
  protected readonly draft = linkedSignal<BulkDraft | undefined, BulkDraft | undefined>({
    source: () => (this.resource.hasValue() ? this.resource.value() : undefined),
    // While it reloads, what was known stays.
    computation: (loaded, previous) => loaded ?? previous?.value,
  });
  protected readonly job = linkedSignal<BulkJob | undefined>(() => this.draft()?.job);
  protected readonly heading = computed(() => {
    const job = this.job();
    return job === undefined ? this.m.title : this.m.heading[job.direction];
  });

  constructor() {
    const live = inject(LiveFeed);
    const destroyRef = inject(DestroyRef);
    live.on(['bulk_job'], destroyRef, ({ job }) => this.take(job));
    live.on(['resync', 'ready'], destroyRef, () => this.resource.reload());
    const timer = setInterval(() => {
      const { state } = this.job() ?? {};
      if (state === 'running' || state === 'cancelling') this.resource.reload();
    }, ASK_AGAIN_MS);
    destroyRef.onDestroy(() => clearInterval(timer));
  }

  protected take(job: BulkJob): void {
    if (job.id === this.id()) this.job.set(job);
  }

  protected started(job: BulkJob): void {
    this.take(job);
  }
}
