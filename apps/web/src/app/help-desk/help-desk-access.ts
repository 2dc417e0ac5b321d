import { HttpClient, httpResource } from '@angular/common/http';
import { Component, computed, inject, output, signal, viewChild } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatSnackBar } from '@angular/material/snack-bar';
import type { HelpDeskAccess, HelpDeskPasswordRequest } from '@bailiff/contracts/http';
import { firstValueFrom, type Observable } from 'rxjs';
import { ApiProblem } from '../api/api-problem';
import { ProblemNotice } from '../display/problem-notice';
import { StatusDot } from '../display/status-dot';
import { MESSAGES } from '../messages/messages';
import { passwordDigest } from '../session/password-digest';
import { PasswordFields } from '../session/password-fields';
import { TimeFormat } from '../time/time-format';

/** Sets, changes and removes the help desk's password. */
@Component({
  selector: 'bailiff-help-desk-access',
  imports: [MatButton, PasswordFields, ProblemNotice, StatusDot],
  template: `@if (resource.hasValue()) {
      @let known = resource.value();
      <bailiff-status [tone]="known.isSet ? 'ok' : 'off'">{{ state() }}</bailiff-status>
      @if (known.sessions > 0) {
        <p>{{ m.sessions(known.sessions) }}</p>
      }
      <form (submit)="save(); $event.preventDefault()">
        <bailiff-password-fields
          [label]="m.new"
          [repeatLabel]="m.repeat"
          [(password)]="password"
          [(repeated)]="repeated"
        />
        @if (problem(); as error) {
          <bailiff-problem [error]="error" />
        }
        <div class="buttons">
          <button matButton="filled" type="submit" [disabled]="!fields()?.isGood() || isBusy()">
            {{ known.isSet ? m.change : m.save }}
          </button>
          @if (known.isSet) {
            <button matButton="outlined" type="button" [disabled]="isBusy()" (click)="remove()">{{ m.remove }}</button>
          }
        </div>
      </form>
    } @else if (resource.error()) {
      <bailiff-problem [error]="resource.error()" [retryable]="true" (again)="resource.reload()" />
    }`,
  styles: `
    :host {
      display: grid;
      gap: 12px;
      min-height: 260px;
      align-content: start;
    }
    form {
      display: grid;
      margin-top: 4px;
      gap: 12px;
    }
    .buttons {
      display: flex;
      gap: 8px;
    }
  `,
})
export class HelpDeskAccessForm {
  private readonly http = inject(HttpClient);
  private readonly snackBar = inject(MatSnackBar);
  private readonly time = inject(TimeFormat);
  private readonly close = inject(MESSAGES).common.close;
  protected readonly m = inject(MESSAGES).helpDesk.access;
  protected readonly fields = viewChild(PasswordFields);
  /** Sessions may have ended. */
  readonly changed = output();

  protected readonly resource = httpResource<HelpDeskAccess>(() => 'api/v1/help-desk/password');
  protected readonly password = signal('');
  protected readonly repeated = signal('');
  protected readonly isBusy = signal(false);
  protected readonly problem = signal<ApiProblem | undefined>(undefined);
  protected readonly state = computed(() => {
    const at = this.resource.hasValue() ? this.resource.value().changedAt : null;
    return at === null ? this.m.notSet : this.m.set(this.time.absolute(at));
  });

  protected async save(): Promise<void> {
    if (this.isBusy() || this.fields()?.isGood() !== true) return;
    const request: HelpDeskPasswordRequest = { newDigest: passwordDigest(this.password()) };
    await this.act(this.http.put('api/v1/help-desk/password', request), this.m.saved);
  }

  protected async remove(): Promise<void> {
    if (!this.isBusy()) await this.act(this.http.delete('api/v1/help-desk/password'), this.m.removed);
  }

  private async act(request: Observable<unknown>, done: string): Promise<void> {
    this.isBusy.set(true);
    this.problem.set(undefined);
    try {
      await firstValueFrom(request);
      this.password.set('');
      this.repeated.set('');
      this.snackBar.open(done, this.close, { duration: 6_000 });
      this.resource.reload();
      this.changed.emit();
    } catch (error) {
      this.problem.set(ApiProblem.from(error));
    } finally {
      this.isBusy.set(false);
    }
  }
}
