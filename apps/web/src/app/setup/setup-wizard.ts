import { Component, computed, effect, inject, input, signal, untracked, viewChild } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatFormField, MatInput, MatLabel } from '@angular/material/input';
import { MatProgressBar } from '@angular/material/progress-bar';
import { MatRadioButton, MatRadioGroup } from '@angular/material/radio';
import { Router } from '@angular/router';
import type { DatabaseTestResult, Preferences, SetupProposal } from '@bailiff/contracts/http';
import { mdiCheck, mdiCheckCircleOutline } from '@mdi/js';
import { ApiProblem } from '../api/api-problem';
import { Icon } from '../display/icon';
import { ProblemNotice } from '../display/problem-notice';
import { MESSAGES } from '../messages/messages';
import { passwordDigest } from '../session/password-digest';
import { PasswordFields } from '../session/password-fields';
import { Session } from '../session/session';
import { PreferencesForm } from '../settings/preferences-form';
import { Logo } from '../shell/logo';
import { SetupApi } from './setup-api';

type Phase = 'loading' | 'token' | 'steps';

/** First start: password, data and fail2ban, preferences; everything but the password is filled in already. */
@Component({
  selector: 'bailiff-setup-wizard',
  imports: [
    Icon,
    Logo,
    MatButton,
    MatFormField,
    MatInput,
    MatLabel,
    MatProgressBar,
    MatRadioButton,
    MatRadioGroup,
    PasswordFields,
    PreferencesForm,
    ProblemNotice,
  ],
  templateUrl: './setup-wizard.html',
  styleUrl: './setup-wizard.scss',
})
export class SetupWizard {
  private readonly api = inject(SetupApi);
  private readonly router = inject(Router);
  private readonly session = inject(Session);
  protected readonly m = inject(MESSAGES).setup;
  protected readonly icons = { done: mdiCheck, good: mdiCheckCircleOutline };

  /** The one-time setup token; bound to the query string. */
  readonly token = input('', { transform: (token: string | undefined) => token ?? '' });

  protected readonly phase = signal<Phase>('loading');
  protected readonly step = signal(0);
  protected readonly typedToken = signal('');
  private readonly usedToken = signal('');
  protected readonly proposal = signal<SetupProposal | undefined>(undefined);
  protected readonly problem = signal<ApiProblem | undefined>(undefined);
  protected readonly isBusy = signal(false);

  protected readonly password = signal('');
  protected readonly repeated = signal('');
  private readonly passwordFields = viewChild(PasswordFields);
  private readonly preferencesForm = viewChild(PreferencesForm);

  protected readonly databaseKind = signal<'sqlite' | 'postgres'>('sqlite');
  protected readonly sqlitePath = signal('');
  protected readonly postgresUrl = signal('');
  protected readonly test = signal<DatabaseTestResult | 'running' | undefined>(undefined);
  protected readonly useLocalHost = signal(true);
  protected readonly preferences = signal<Preferences | undefined>(undefined);

  protected readonly location = computed(() =>
    this.databaseKind() === 'sqlite' ? this.sqlitePath().trim() : this.postgresUrl().trim(),
  );
  protected readonly testResult = computed(() => {
    const test = this.test();
    return test === 'running' ? undefined : test;
  });
  protected readonly canGoOn = computed(() => {
    switch (this.step()) {
      case 0:
        return this.passwordFields()?.isGood() ?? false;
      case 1:
        return this.location() !== '' || this.proposal()?.database.readOnly === true;
      default:
        return this.preferencesForm()?.isValid() ?? false;
    }
  });

  constructor() {
    effect(() => {
      const token = this.token();
      untracked(() => void this.load(token));
    });
  }

  /** Asks what is proposed; without a good token, asks for one. */
  protected async load(token: string): Promise<void> {
    this.problem.set(undefined);
    try {
      const status = await this.api.status(token);
      if (status.state === 'complete') {
        await this.router.navigate(['/login']);
        return;
      }
      if (status.proposal === undefined) {
        if (token !== '') this.problem.set(new ApiProblem('setup/token-invalid', '', 403));
        this.phase.set('token');
        return;
      }
      this.take(token, status.proposal);
    } catch (error) {
      const problem = ApiProblem.from(error);
      if (problem.code === 'setup/already-complete') await this.router.navigate(['/login']);
      else {
        this.problem.set(problem);
        this.phase.set('token');
      }
    }
  }

  protected chooseDatabase(kind: 'sqlite' | 'postgres'): void {
    this.databaseKind.set(kind);
    this.test.set(undefined);
  }

  protected async testDatabase(): Promise<void> {
    this.test.set('running');
    this.problem.set(undefined);
    try {
      this.test.set(
        await this.api.testDatabase(this.usedToken(), { kind: this.databaseKind(), location: this.location() }),
      );
    } catch (error) {
      this.test.set(undefined);
      this.problem.set(ApiProblem.from(error));
    }
  }

  protected back(): void {
    this.problem.set(undefined);
    this.step.update((step) => step - 1);
  }

  protected async next(): Promise<void> {
    if (!this.canGoOn() || this.isBusy()) return;
    this.problem.set(undefined);
    if (this.step() < 2) this.step.update((step) => step + 1);
    else await this.finish();
  }

  private take(token: string, proposal: SetupProposal): void {
    this.usedToken.set(token);
    this.proposal.set(proposal);
    this.databaseKind.set(proposal.database.kind);
    (proposal.database.kind === 'sqlite' ? this.sqlitePath : this.postgresUrl).set(proposal.database.location);
    this.useLocalHost.set(proposal.localHost !== null);
    // The server's zone is often UTC; the operator's is this browser's.
    const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone || proposal.preferences.timeZone;
    this.preferences.set({ ...proposal.preferences, timeZone });
    this.phase.set('steps');
  }

  private async finish(): Promise<void> {
    const preferences = this.preferences();
    if (preferences === undefined) return;
    this.isBusy.set(true);
    try {
      const digest = passwordDigest(this.password());
      await this.api.finish(this.usedToken(), {
        passwordDigest: digest,
        database: { kind: this.databaseKind(), location: this.location() },
        preferences,
        useLocalHost: this.useLocalHost(),
      });
      await this.enter(digest);
    } catch (error) {
      const problem = ApiProblem.from(error);
      this.problem.set(problem);
      if (problem.code === 'setup/database-unusable') this.step.set(1);
    } finally {
      this.isBusy.set(false);
    }
  }

  /** Setup is saved whatever happens here: when signing in does not work at once, the login page does it. */
  private async enter(digest: string): Promise<void> {
    try {
      await this.session.login({ passwordDigest: digest });
      await this.router.navigateByUrl('/');
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      await this.router.navigate(['/login'], { queryParams: { why: 'setup' } });
    }
  }
}
