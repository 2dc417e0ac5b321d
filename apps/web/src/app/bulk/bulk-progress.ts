import { Component, computed, inject, input, output, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatProgressBar } from '@angular/material/progress-bar';
import type { BulkJob } from '@bailiff/contracts/http';
import { ApiProblem } from '../api/api-problem';
import { Format } from '../display/format';
import { Moment } from '../display/moment';
import { ProblemNotice } from '../display/problem-notice';
import { StatusDot } from '../display/status-dot';
import { MESSAGES } from '../messages/messages';
import { Session } from '../session/session';
import { BulkApi } from './bulk-api';
import { jobTone, lastingText, PART_TONES, RESULT_TONES, SHOWN_RESULTS } from './bulk-look';

/** How far a list is: in all, and on each host; with the way to stop it. */
@Component({
  selector: 'bailiff-bulk-progress',
  imports: [MatButton, MatProgressBar, Moment, ProblemNotice, StatusDot],
  templateUrl: './bulk-progress.html',
  styleUrl: './bulk-progress.scss',
})
export class BulkProgress {
  private readonly api = inject(BulkApi);
  protected readonly session = inject(Session);
  protected readonly format = inject(Format);
  protected readonly m = inject(MESSAGES).bulk;
  protected readonly tones = { part: PART_TONES, result: RESULT_TONES };
  readonly job = input.required<BulkJob>();
  /** Its state changed by what was done here. */
  readonly changed = output<BulkJob>();

  protected readonly tone = computed(() => jobTone(this.job()));
  protected readonly lasting = computed(() => lastingText(this.job(), this.m, this.format));
  protected readonly isMoving = computed(() => this.job().endedAt === null);
  protected readonly total = computed(() => this.job().entries * this.job().parts.length);
  protected readonly done = computed(() => this.total() - this.job().counts.pending);
  protected readonly percent = computed(() => (this.total() === 0 ? 100 : (this.done() * 100) / this.total()));
  protected readonly counts = computed(() => shownCounts(this.job().counts));
  protected readonly took = computed(() => {
    const { startedAt, endedAt } = this.job();
    if (startedAt === null || endedAt === null) return undefined;
    return this.format.duration(Math.max(1, Math.round((Date.parse(endedAt) - Date.parse(startedAt)) / 1_000)));
  });
  protected readonly parts = computed(() =>
    this.job().parts.map((part) => ({
      ...part,
      // What was cut off has a result, but was not dealt with.
      done:
        part.counts.done +
        part.counts.unchanged +
        part.counts.refused +
        (part.state === 'failed' ? 0 : part.counts.failed),
      shown: shownCounts(part.counts),
    })),
  );
  protected readonly isBusy = signal(false);
  protected readonly problem = signal<unknown>(undefined);

  protected async cancel(): Promise<void> {
    this.isBusy.set(true);
    this.problem.set(undefined);
    try {
      this.changed.emit(await this.api.cancel(this.job().id));
    } catch (error) {
      this.problem.set(ApiProblem.from(error));
    } finally {
      this.isBusy.set(false);
    }
  }
}

function shownCounts(counts: BulkJob['counts']): readonly { result: (typeof SHOWN_RESULTS)[number]; count: number }[] {
  return SHOWN_RESULTS.flatMap((result) => (counts[result] > 0 ? [{ result, count: counts[result] }] : []));
}
