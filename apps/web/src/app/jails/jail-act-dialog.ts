import { Component, computed, DestroyRef, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatCheckbox } from '@angular/material/checkbox';
import {
  MAT_DIALOG_DATA,
  MatDialogActions,
  MatDialogContent,
  MatDialogRef,
  MatDialogTitle,
} from '@angular/material/dialog';
import { MatProgressBar } from '@angular/material/progress-bar';
import type { JailAct, JailActEffect, JailActKind, JailActPreview, JailActState } from '@bailiff/contracts/http';
import { ApiProblem } from '../api/api-problem';
import { Format } from '../display/format';
import { Moment } from '../display/moment';
import { ProblemNotice } from '../display/problem-notice';
import { StatusDot } from '../display/status-dot';
import { LiveFeed } from '../live/live-feed';
import { MESSAGES } from '../messages/messages';
import { JailsApi } from './jails-api';
import { LongText } from './long-text';

export interface JailActDialogData {
  readonly hostId: string;
  readonly act: JailActKind;
  readonly jail?: string;
}

/** Acts that can also lift bans for good. */
const WITH_UNBAN: readonly JailActKind[] = ['reload', 'restart', 'reload-all', 'restart-all', 'restart-server'];
/** Events may be lost: the state is asked for, too. Milliseconds. */
const ASK_MS = 2_000;
const MAX_ROWS = 100;

/** Says what an act will do to bans before it is done, then how it goes. Closed early, it goes on; the id is the result. */
@Component({
  selector: 'bailiff-jail-act-dialog',
  imports: [
    LongText,
    MatButton,
    MatCheckbox,
    MatDialogActions,
    MatDialogContent,
    MatDialogTitle,
    MatProgressBar,
    Moment,
    ProblemNotice,
    StatusDot,
  ],
  templateUrl: './jail-act-dialog.html',
  styleUrl: './jail-act-dialog.scss',
})
export class JailActDialog {
  private readonly data = inject<JailActDialogData>(MAT_DIALOG_DATA);
  private readonly dialog = inject<MatDialogRef<JailActDialog, string>>(MatDialogRef);
  private readonly api = inject(JailsApi);
  protected readonly format = inject(Format);
  protected readonly m = inject(MESSAGES).jail.act;
  protected readonly words = inject(MESSAGES).jail;
  protected readonly common = inject(MESSAGES).common;

  protected readonly act = signal<JailActKind>(this.data.act);
  protected readonly unban = signal(false);
  protected readonly canUnban = computed(() => WITH_UNBAN.includes(this.act()));
  protected readonly preview = signal<JailActPreview | undefined>(undefined);
  protected readonly problem = signal<ApiProblem | undefined>(undefined);
  protected readonly state = signal<JailActState | undefined>(undefined);
  protected readonly isBusy = signal(false);
  protected readonly title = computed(() => this.m.title(this.act(), this.data.jail ?? null));

  protected readonly sums = computed(() => {
    const effects = this.preview()?.effects ?? [];
    const sum = (field: 'banned' | 'lifted' | 'rebanned') =>
      effects.reduce((total, effect) => total + effect[field], 0);
    return { kept: sum('banned') - sum('lifted'), lifted: sum('lifted'), rebanned: sum('rebanned') };
  });
  protected readonly rows = computed(() => (this.preview()?.effects ?? []).slice(0, MAX_ROWS));
  protected readonly time = computed(() => {
    const preview = this.preview();
    if (preview === undefined) return '';
    const { lifted, rebanned } = this.sums();
    if (lifted + rebanned === 0) return this.m.atOnce;
    const { estimateSeconds: seconds } = preview;
    return seconds === null ? this.m.noMeasure : this.m.about(this.format.duration(Math.max(1, Math.ceil(seconds))));
  });
  protected readonly isDangerous = computed(() => this.act() === 'stop' || this.unban());
  protected readonly progress = computed(() => {
    const state = this.state();
    if (state?.phase !== 'restoring' || state.toRestore === 0) return undefined;
    return Math.min(100, ((state.bannedNow ?? 0) / state.toRestore) * 100);
  });
  private asked = 0;

  constructor() {
    const destroyRef = inject(DestroyRef);
    const timer = setInterval(() => void this.ask(), ASK_MS);
    destroyRef.onDestroy(() => clearInterval(timer));
    inject(LiveFeed).on(['jail_act'], destroyRef, ({ act }) => {
      if (act.id === this.state()?.id) this.take(act);
    });
    void this.load();
  }

  /** A jail that "runs" afterwards may have been stopped meanwhile. */
  protected becomes({ jail, becomes }: JailActEffect): string {
    const warnings = this.preview()?.warnings ?? [];
    const isRestarted =
      this.act().startsWith('restart') || warnings.some((one) => one.code === 'backend-changes' && one.jail === jail);
    return becomes === 'runs' && isRestarted ? this.m.restarts : this.m.becomes[becomes];
  }

  protected chooseUnban(isChosen: boolean): void {
    this.unban.set(isChosen);
    void this.load();
  }

  protected doInstead(act: JailActKind): void {
    this.act.set(act);
    this.unban.set(false);
    void this.load();
  }

  protected async submit(): Promise<void> {
    if (this.isBusy() || this.state() !== undefined) return;
    this.isBusy.set(true);
    this.problem.set(undefined);
    try {
      this.take(await this.api.begin(this.data.hostId, this.request()));
    } catch (error) {
      this.problem.set(ApiProblem.from(error));
    } finally {
      this.isBusy.set(false);
    }
  }

  protected close(): void {
    const state = this.state();
    this.dialog.close(state?.state === 'running' ? state.id : undefined);
  }

  protected async load(): Promise<void> {
    const turn = (this.asked += 1);
    this.preview.set(undefined);
    this.problem.set(undefined);
    try {
      const preview = await this.api.preview(this.data.hostId, this.request());
      if (turn === this.asked) this.preview.set(preview);
    } catch (error) {
      if (turn === this.asked) this.problem.set(ApiProblem.from(error));
    }
  }

  private request(): JailAct {
    const { jail } = this.data;
    return {
      act: this.act(),
      ...(jail === undefined ? {} : { jail }),
      ...(this.unban() ? { unban: true } : {}),
    };
  }

  private async ask(): Promise<void> {
    const state = this.state();
    if (state?.state !== 'running') return;
    try {
      this.take(await this.api.state(this.data.hostId, state.id));
    } catch (error) {
      // The line may be down for a moment; the next turn asks again.
      if (ApiProblem.from(error).code === 'request/not-found') this.problem.set(ApiProblem.from(error));
    }
  }

  /** What is older than what is known changes nothing. */
  private take(state: JailActState): void {
    if (this.state()?.state === undefined || this.state()?.state === 'running') this.state.set(state);
  }
}
