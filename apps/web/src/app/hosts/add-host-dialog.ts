import { Component, computed, DestroyRef, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialogActions, MatDialogContent, MatDialogRef, MatDialogTitle } from '@angular/material/dialog';
import { MatProgressSpinner } from '@angular/material/progress-spinner';
import type { CreatedEnrolmentToken, EnrolmentTokenStatus } from '@bailiff/contracts/http';
import { mdiCheckCircleOutline } from '@mdi/js';
import { ApiProblem } from '../api/api-problem';
import { CopyButton } from '../display/copy-button';
import { Icon } from '../display/icon';
import { ProblemNotice } from '../display/problem-notice';
import { MESSAGES } from '../messages/messages';
import { Clock } from '../time/clock';
import { TimeFormat } from '../time/time-format';
import { HostDirectory } from './host-directory';
import { HostsApi } from './hosts-api';

const POLL_MS = 2_000;

/** Shows the one command and its token, and turns green when the agent reports. */
@Component({
  selector: 'bailiff-add-host-dialog',
  imports: [
    CopyButton,
    Icon,
    MatButton,
    MatDialogActions,
    MatDialogContent,
    MatDialogTitle,
    MatProgressSpinner,
    ProblemNotice,
  ],
  template: `<h2 mat-dialog-title>{{ m.title }}</h2>
    <mat-dialog-content>
      @if (token(); as given) {
        <p>{{ m.step1 }}</p>
        <div class="code">
          <code tabindex="0">{{ given.command }}</code><bailiff-copy [text]="given.command" />
        </div>
        <p>{{ m.step2 }}</p>
        <div class="code">
          <code tabindex="0">{{ given.token }}</code><bailiff-copy [text]="given.token" [label]="m.step2" />
        </div>
        <p class="muted small">{{ m.once }} {{ m.expires(validity()) }} {{ m.outbound }}</p>
        <div class="state" role="status" [class.good]="isOnline()" [class.bad]="state() === 'expired'">
          @if (isOnline()) {
            <bailiff-icon [path]="icon" [size]="20" /> {{ m.enrolled(status()?.host?.name ?? '') }}
          } @else if (state() === 'expired') {
            {{ m.expired }}
          } @else {
            <mat-progress-spinner mode="indeterminate" [diameter]="18" [attr.aria-label]="m.waiting" />
            {{ state() === 'open' ? m.waiting : m.pending }}
          }
        </div>
        @if (status()?.host; as host) {
          <p class="small">{{ m.compare }}</p>
          <p class="mono print">{{ host.fingerprint }}</p>
        }
      } @else if (!problem()) {
        <mat-progress-spinner mode="indeterminate" [diameter]="24" [attr.aria-label]="m.title" />
      }
      @if (problem(); as error) {
        <bailiff-problem [error]="error" />
      }
    </mat-dialog-content>
    <mat-dialog-actions>
      @if (state() === 'expired' || (problem() && !token())) {
        <button matButton="outlined" type="button" (click)="create()">{{ m.again }}</button>
      }
      <button [matButton]="isOnline() ? 'filled' : 'text'" type="button" (click)="dialog.close()">
        {{ isOnline() ? m.done : close }}
      </button>
    </mat-dialog-actions>`,
  styles: `
    .code {
      display: flex;
      align-items: flex-start;
      gap: 8px;
      margin: 6px 0 14px;
      padding: 8px 8px 8px 12px;
      border: 1px solid var(--line);
      border-radius: var(--radius);
      background: var(--inset);
      color: var(--text);
    }
    code {
      flex: 1;
      overflow-wrap: anywhere;
      line-height: 1.5rem;
      user-select: all;
    }
    .small {
      font-size: var(--text-sm);
    }
    .print {
      color: var(--text);
      overflow-wrap: anywhere;
    }
    .state {
      display: flex;
      align-items: center;
      gap: 10px;
      margin: 14px 0 10px;
      padding: 10px 12px;
      border-radius: var(--radius);
      background: var(--inset);
      color: var(--text);
    }
    .good {
      background: var(--ok-soft);
      color: var(--ok);
      font-weight: 550;
    }
    .bad {
      background: var(--warn-soft);
      color: var(--warn);
    }
  `,
})
export class AddHostDialog {
  private readonly api = inject(HostsApi);
  private readonly directory = inject(HostDirectory);
  private readonly clock = inject(Clock);
  private readonly time = inject(TimeFormat);
  protected readonly dialog = inject<MatDialogRef<AddHostDialog>>(MatDialogRef);
  protected readonly m = inject(MESSAGES).hosts.addDialog;
  private readonly words = inject(MESSAGES).time;
  protected readonly close = inject(MESSAGES).common.close;
  protected readonly icon = mdiCheckCircleOutline;

  protected readonly token = signal<CreatedEnrolmentToken | undefined>(undefined);
  protected readonly status = signal<EnrolmentTokenStatus | undefined>(undefined);
  protected readonly problem = signal<ApiProblem | undefined>(undefined);
  protected readonly state = computed(() => this.status()?.state ?? 'open');
  protected readonly isOnline = computed(() => this.state() === 'enrolled');
  protected readonly validity = computed(() => {
    const at = this.token()?.expiresAt ?? '';
    return `${this.words.until(this.time.clock(at))} (${this.time.relative(at, this.clock.now())})`;
  });
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isClosed = false;

  constructor() {
    inject(DestroyRef).onDestroy(() => {
      this.isClosed = true;
      clearTimeout(this.timer);
    });
    void this.create();
  }

  protected async create(): Promise<void> {
    this.problem.set(undefined);
    this.status.set(undefined);
    try {
      this.token.set(await this.api.createToken());
      this.pollLater();
    } catch (error) {
      this.token.set(undefined);
      this.problem.set(ApiProblem.from(error));
    }
  }

  private pollLater(): void {
    if (!this.isClosed) this.timer = setTimeout(() => void this.poll(), POLL_MS);
  }

  private async poll(): Promise<void> {
    const token = this.token();
    if (token === undefined) return;
    try {
      const status = await this.api.tokenStatus(token.id);
      this.status.set(status);
      this.problem.set(undefined);
      if (status.host !== null) this.directory.put(status.host);
    } catch (error) {
      this.problem.set(ApiProblem.from(error));
    }
    if (this.state() === 'open' || this.state() === 'pending') this.pollLater();
  }
}
