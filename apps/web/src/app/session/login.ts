import { Component, computed, type ElementRef, inject, input, signal, viewChild } from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MatFormField, MatInput, MatLabel, MatSuffix } from '@angular/material/input';
import { Router } from '@angular/router';
import { mdiEyeOffOutline, mdiEyeOutline } from '@mdi/js';
import { ApiProblem } from '../api/api-problem';
import { Icon } from '../display/icon';
import { ProblemNotice } from '../display/problem-notice';
import { MESSAGES } from '../messages/messages';
import { Logo } from '../shell/logo';
import { passwordDigest } from './password-digest';
import { safeReturn } from './safe-return';
import { Session } from './session';

/** One password, then back to the page first asked for. */
@Component({
  selector: 'bailiff-login',
  imports: [Icon, Logo, MatButton, MatFormField, MatIconButton, MatInput, MatLabel, MatSuffix, ProblemNotice],
  template: `<main class="card">
    <div class="brand"><bailiff-logo /> Bailiff</div>
    <h1>{{ m.title }}</h1>
    @if (note(); as words) {
      <p class="note" role="status">{{ words }}</p>
    }
    <form (submit)="submit(); $event.preventDefault()">
      <mat-form-field appearance="outline" subscriptSizing="dynamic">
        <mat-label>{{ m.password }}</mat-label>
        <input
          #box
          matInput
          autocomplete="current-password"
          name="password"
          [type]="isShown() ? 'text' : 'password'"
          [value]="password()"
          [attr.aria-invalid]="problem()?.code === 'auth/invalid-credentials'"
          (input)="password.set(box.value)"
        />
        <button
          matSuffix
          matIconButton
          type="button"
          [attr.aria-label]="isShown() ? m.hide : m.show"
          [attr.aria-pressed]="isShown()"
          (click)="isShown.set(!isShown())"
        >
          <bailiff-icon [path]="isShown() ? icons.hide : icons.show" />
        </button>
      </mat-form-field>
      @if (wrong(); as words) {
        <p class="wrong" role="alert">{{ words }}</p>
      } @else if (problem(); as error) {
        <bailiff-problem [error]="error" />
      }
      <button matButton="filled" type="submit" [disabled]="isBusy() || password() === ''">{{ m.submit }}</button>
    </form>
  </main>`,
  styleUrl: './login.scss',
})
export class Login {
  private readonly session = inject(Session);
  private readonly router = inject(Router);
  private readonly box = viewChild.required<ElementRef<HTMLInputElement>>('box');
  protected readonly m = inject(MESSAGES).login;
  protected readonly icons = { show: mdiEyeOutline, hide: mdiEyeOffOutline };

  /** Where to go once signed in; bound to the query string. */
  readonly return = input<string>();
  /** Why this page shows: `expired`, `setup`, `out`; bound to the query string. */
  readonly why = input<string>();

  protected readonly password = signal('');
  protected readonly isShown = signal(false);
  protected readonly isBusy = signal(false);
  protected readonly problem = signal<ApiProblem | undefined>(undefined);
  protected readonly note = computed(() => {
    if (this.problem() !== undefined) return '';
    switch (this.why()) {
      case 'expired':
        return this.m.expired;
      case 'setup':
        return this.m.setupDone;
      case 'out':
        return this.m.loggedOut;
      default:
        return '';
    }
  });
  protected readonly wrong = computed(() => {
    const problem = this.problem();
    if (problem?.code === 'auth/invalid-credentials') return this.m.wrong;
    return problem?.code === 'request/too-many' ? this.m.tooMany(problem.retryAfterSeconds ?? 5) : '';
  });

  protected async submit(): Promise<void> {
    if (this.isBusy() || this.password() === '') return;
    this.isBusy.set(true);
    try {
      await this.session.login({ passwordDigest: passwordDigest(this.password()) });
      await this.router.navigateByUrl(safeReturn(this.return()));
    } catch (error) {
      this.problem.set(ApiProblem.from(error));
      this.box().nativeElement.select();
    } finally {
      this.isBusy.set(false);
    }
  }
}
