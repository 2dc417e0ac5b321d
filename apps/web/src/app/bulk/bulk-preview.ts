import { Component, computed, inject, input, output, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatFormField, MatHint, MatInput, MatLabel } from '@angular/material/input';
import { RouterLink } from '@angular/router';
import type { BulkDraft, BulkFault, BulkJob } from '@bailiff/contracts/http';
import { mdiAlertOutline, mdiDownloadOutline } from '@mdi/js';
import { ApiProblem } from '../api/api-problem';
import { Format } from '../display/format';
import { Icon } from '../display/icon';
import { ProblemNotice } from '../display/problem-notice';
import { HostScope } from '../hosts/host-scope';
import { MESSAGES } from '../messages/messages';
import { BulkApi } from './bulk-api';
import { lastingText } from './bulk-look';

/** Above so many the number is typed. */
const CONFIRM_ABOVE = 100;
const FAULTS: readonly BulkFault[] = ['invalid', 'protected', 'private', 'too-wide'];

/** Second step: what the list holds and what is left out of it, before anything is done. */
@Component({
  selector: 'bailiff-bulk-preview',
  imports: [Icon, MatButton, MatFormField, MatHint, MatInput, MatLabel, ProblemNotice, RouterLink],
  templateUrl: './bulk-preview.html',
  styleUrl: './bulk-preview.scss',
})
export class BulkPreviewView {
  private readonly api = inject(BulkApi);
  protected readonly scope = inject(HostScope);
  protected readonly format = inject(Format);
  protected readonly m = inject(MESSAGES).bulk;
  protected readonly icons = { download: mdiDownloadOutline, warn: mdiAlertOutline };
  readonly draft = input.required<BulkDraft>();
  /** The list was started. */
  readonly started = output<BulkJob>();

  protected readonly job = computed(() => this.draft().job);
  protected readonly lasting = computed(() => lastingText(this.job(), this.m, this.format));
  protected readonly preview = computed(() => this.draft().preview);
  protected readonly faults = computed(() => {
    const { faults } = this.preview();
    return FAULTS.flatMap((fault) => (faults[fault] > 0 ? [{ fault, count: faults[fault] }] : []));
  });
  protected readonly leftOut = computed(() => this.faults().reduce((sum, { count }) => sum + count, 0));
  protected readonly missing = computed(() => this.job().parts.filter(({ state }) => state === 'failed'));
  protected readonly canStart = computed(
    () => this.job().entries > 0 && this.missing().length < this.job().parts.length,
  );
  protected readonly needsWord = computed(() => this.job().entries > CONFIRM_ABOVE);
  protected readonly hosts = computed(() => [...new Set(this.job().parts.map(({ hostName }) => hostName))].join(', '));
  protected readonly word = signal('');
  protected readonly reason = signal('');
  protected readonly isBusy = signal(false);
  protected readonly problem = signal<unknown>(undefined);
  protected readonly isConfirmed = computed(
    () => !this.needsWord() || this.word().replace(/[\s,.'’]/g, '') === String(this.job().entries),
  );

  protected async start(): Promise<void> {
    if (!this.isConfirmed() || !this.canStart() || this.isBusy()) return;
    const reason = this.reason().trim();
    this.isBusy.set(true);
    this.problem.set(undefined);
    try {
      const { id, entries } = this.job();
      this.started.emit(
        await this.api.start(id, {
          confirmedEntries: entries,
          ...(reason === '' ? {} : { reason: reason.slice(0, 200) }),
        }),
      );
    } catch (error) {
      this.problem.set(ApiProblem.from(error));
    } finally {
      this.isBusy.set(false);
    }
  }
}
