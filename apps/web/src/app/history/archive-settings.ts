import { HttpClient, httpResource } from '@angular/common/http';
import { Component, computed, DestroyRef, effect, inject, linkedSignal, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { MatFormField, MatHint, MatLabel } from '@angular/material/input';
import { MatProgressBar } from '@angular/material/progress-bar';
import { MatOption, MatSelect } from '@angular/material/select';
import { MatSnackBar } from '@angular/material/snack-bar';
import type { ArchiveDeletion, ArchiveState } from '@bailiff/contracts/http';
import { firstValueFrom } from 'rxjs';
import { ApiProblem } from '../api/api-problem';
import { Fact } from '../display/fact';
import { Format } from '../display/format';
import { ProblemNotice } from '../display/problem-notice';
import { LiveFeed } from '../live/live-feed';
import { MESSAGES } from '../messages/messages';
import { Session } from '../session/session';
import { TimeFormat } from '../time/time-format';

/** How often progress is asked for, milliseconds. */
const LOOK_MS = 700;
const CHOICES = [30, 90, 180, 365, 730, 1_825];

/** Section of the settings: size of the archive, how long events are kept, and their deletion. */
@Component({
  selector: 'bailiff-archive-settings',
  imports: [Fact, MatButton, MatFormField, MatHint, MatLabel, MatOption, MatProgressBar, MatSelect, ProblemNotice],
  templateUrl: './archive-settings.html',
  styleUrl: './archive-settings.scss',
})
export class ArchiveSettings {
  private readonly http = inject(HttpClient);
  private readonly dialog = inject(MatDialog);
  private readonly snackBar = inject(MatSnackBar);
  private readonly time = inject(TimeFormat);
  protected readonly session = inject(Session);
  protected readonly format = inject(Format);
  protected readonly m = inject(MESSAGES).archive;
  protected readonly common = inject(MESSAGES).common;

  private readonly loaded = httpResource<ArchiveState>(() => 'api/v1/archive');
  /** The last answer, also while the next is on its way. */
  protected readonly archive = linkedSignal<ArchiveState | undefined, ArchiveState | undefined>({
    source: () => (this.loaded.hasValue() ? this.loaded.value() : undefined),
    computation: (now, before) => now ?? before?.value,
  });
  protected readonly error = computed(() => (this.loaded.error() === undefined ? undefined : this.loaded.error()));
  protected readonly problem = signal<ApiProblem | undefined>(undefined);
  protected readonly isBusy = signal(false);
  protected readonly running = computed(() => {
    const deletion = this.archive()?.deletion ?? null;
    return deletion?.state === 'running' ? deletion : null;
  });
  protected readonly last = computed(() => {
    const deletion = this.archive()?.deletion ?? null;
    return deletion === null || deletion.state === 'running' ? '' : this.describe(deletion);
  });
  protected readonly span = computed(() => {
    const { oldest = null, newest = null } = this.archive() ?? {};
    if (oldest === null || newest === null) return this.m.nothing;
    return this.m.spanOf(this.time.absolute(oldest), this.time.absolute(newest));
  });
  protected readonly size = computed(() => this.m.megabytes((this.archive()?.databaseBytes ?? 0) / 2 ** 20));
  /** A value set through the API need not be one of ours. */
  protected readonly choices = computed(() => {
    const current = this.archive()?.retentionDays ?? 0;
    return [...new Set([...CHOICES, ...(current > 0 ? [current] : [])])].sort((a, b) => a - b);
  });

  constructor() {
    inject(LiveFeed).on(['resync'], inject(DestroyRef), () => this.reload());
    effect((onCleanup) => {
      // Each answer of a deletion under way asks for the next.
      if (this.running() === null) return;
      const timer = setTimeout(() => this.reload(), LOOK_MS);
      onCleanup(() => clearTimeout(timer));
    });
  }

  protected reload(): void {
    this.loaded.reload();
  }

  protected async keep(retentionDays: number): Promise<void> {
    await this.attempt(async () => {
      await this.session.savePreferences({ retentionDays });
      this.snackBar.open(this.common.saved, this.common.close, { duration: 4_000 });
    });
  }

  protected async askDeletion(): Promise<void> {
    const { DeleteEventsDialog } = await import('./delete-events-dialog');
    this.dialog
      .open<unknown, unknown, ArchiveDeletion>(DeleteEventsDialog, { width: '480px' })
      .afterClosed()
      .subscribe((deletion) => {
        if (deletion !== undefined) this.reload();
      });
  }

  protected async stop({ id }: ArchiveDeletion): Promise<void> {
    await this.attempt(() => firstValueFrom(this.http.post(`api/v1/archive/deletions/${id}/cancel`, {})));
  }

  private async attempt(work: () => Promise<unknown>): Promise<void> {
    if (this.isBusy()) return;
    this.isBusy.set(true);
    this.problem.set(undefined);
    try {
      await work();
    } catch (error) {
      this.problem.set(ApiProblem.from(error));
    } finally {
      this.isBusy.set(false);
      this.reload();
    }
  }

  private describe({ state, deleted, before, finishedAt }: ArchiveDeletion): string {
    const at = finishedAt === null ? '' : this.time.absolute(finishedAt);
    return state === 'cancelled'
      ? this.m.lastCancelled(deleted, at)
      : this.m.last(deleted, this.time.absolute(before), at);
  }
}
