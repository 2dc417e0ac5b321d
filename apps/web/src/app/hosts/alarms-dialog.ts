import { Component, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import {
  MAT_DIALOG_DATA,
  MatDialogActions,
  MatDialogContent,
  MatDialogRef,
  MatDialogTitle,
} from '@angular/material/dialog';
import type { HostAlarm, HostInfo } from '@bailiff/contracts/http';
import { ApiProblem } from '../api/api-problem';
import { Moment } from '../display/moment';
import { ProblemNotice } from '../display/problem-notice';
import { MESSAGES } from '../messages/messages';
import { HostsApi } from './hosts-api';

/** The messages of a host that were refused, and why. */
@Component({
  selector: 'bailiff-alarms-dialog',
  imports: [MatButton, MatDialogActions, MatDialogContent, MatDialogTitle, Moment, ProblemNotice],
  template: `<h2 mat-dialog-title class="untrusted">{{ m.alarmsTitle(host.name) }}</h2>
    <mat-dialog-content tabindex="0">
      <p>{{ m.alarmsBody }}</p>
      @if (problem(); as error) {
        <bailiff-problem [error]="error" />
      } @else {
        <ul>
          @for (alarm of alarms(); track $index) {
            <li>
              <bailiff-moment [at]="alarm.at" /><code>{{ alarm.code }}</code>
              <span class="untrusted" dir="auto">{{ alarm.detail }}</span>
            </li>
          } @empty {
            <li>{{ alarms() === undefined ? common.loading : m.alarmsNone }}</li>
          }
        </ul>
      }
    </mat-dialog-content>
    <mat-dialog-actions>
      <button matButton="filled" type="button" (click)="dialog.close()">{{ common.close }}</button>
    </mat-dialog-actions>`,
  styles: `
    ul {
      margin-top: 12px;
      padding: 0;
      list-style: none;
    }
    li {
      display: grid;
      grid-template-columns: 92px 130px minmax(0, 1fr);
      gap: 10px;
      padding: 8px 0;
      border-top: 1px solid var(--line);
      font-size: var(--text-sm);
    }
  `,
})
export class AlarmsDialog {
  private readonly api = inject(HostsApi);
  protected readonly host = inject<HostInfo>(MAT_DIALOG_DATA);
  protected readonly dialog = inject<MatDialogRef<AlarmsDialog>>(MatDialogRef);
  protected readonly m = inject(MESSAGES).hosts;
  protected readonly common = inject(MESSAGES).common;
  protected readonly alarms = signal<readonly HostAlarm[] | undefined>(undefined);
  protected readonly problem = signal<ApiProblem | undefined>(undefined);

  constructor() {
    void this.load();
  }

  private async load(): Promise<void> {
    try {
      this.alarms.set(await this.api.alarms(this.host.id));
    } catch (error) {
      this.problem.set(ApiProblem.from(error));
    }
  }
}
