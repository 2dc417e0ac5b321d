import { Component, effect, inject, signal, untracked, viewChild } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatButtonToggle, MatButtonToggleGroup } from '@angular/material/button-toggle';
import { MatSnackBar } from '@angular/material/snack-bar';
import type { Preferences } from '@bailiff/contracts/http';
import { LookupSettingsForm } from '../address/lookup-settings-form';
import { ApiProblem } from '../api/api-problem';
import { PageHead } from '../display/page-head';
import { ProblemNotice } from '../display/problem-notice';
import { GeoSources } from '../geo/geo-sources';
import { ArchiveSettings } from '../history/archive-settings';
import { MESSAGES } from '../messages/messages';
import { Session } from '../session/session';
import { Theme, THEMES } from '../shell/theme';
import { PreferencesForm } from './preferences-form';

/** The operator's preferences. */
@Component({
  selector: 'bailiff-settings',
  imports: [
    ArchiveSettings,
    GeoSources,
    LookupSettingsForm,
    MatButton,
    MatButtonToggle,
    MatButtonToggleGroup,
    PageHead,
    PreferencesForm,
    ProblemNotice,
  ],
  template: `<bailiff-page-head [heading]="m.title" />
    <div class="card">
      <section>
        <h2>{{ m.theme }}</h2>
        <mat-button-toggle-group
          hideSingleSelectionIndicator
          [attr.aria-label]="m.theme"
          [value]="theme.current()"
          (change)="theme.choose($event.value)"
        >
          @for (name of themes; track name) {
            <mat-button-toggle [value]="name">{{ shell.theme[name] }}</mat-button-toggle>
          }
        </mat-button-toggle-group>
        <p class="muted">{{ m.themeHint }}</p>
      </section>
      @if (draft(); as preferences) {
        <form (submit)="save(); $event.preventDefault()">
          <bailiff-preferences-form [preferences]="preferences" (preferencesChange)="change($event)" />
          @if (problem(); as error) {
            <bailiff-problem [error]="error" />
          }
          <div>
            <button matButton="filled" type="submit" [disabled]="!isChanged() || isBusy() || !form()?.isValid()">
              {{ common.save }}
            </button>
          </div>
        </form>
      }
    </div>
    <div class="card"><bailiff-archive-settings /></div>
    <div class="card"><bailiff-geo-sources /></div>
    @if (session.can('config')) {
      <div class="card"><bailiff-lookup-settings /></div>
    }`,
  styles: `
    .card {
      display: grid;
      gap: 24px;
      max-width: 760px;
      padding: 20px 24px 24px;
    }
    .card + .card {
      margin-top: 16px;
    }
    section {
      display: grid;
      gap: 8px;
      justify-items: start;
    }
    section h2 {
      font-size: var(--text-sm);
    }
    .muted {
      font-size: var(--text-sm);
    }
    form {
      display: grid;
      gap: 16px;
    }
  `,
})
export class Settings {
  protected readonly session = inject(Session);
  private readonly snackBar = inject(MatSnackBar);
  protected readonly theme = inject(Theme);
  protected readonly themes = THEMES;
  protected readonly m = inject(MESSAGES).settings;
  protected readonly shell = inject(MESSAGES).shell;
  protected readonly common = inject(MESSAGES).common;
  protected readonly form = viewChild(PreferencesForm);

  protected readonly draft = signal<Preferences | undefined>(undefined);
  protected readonly isChanged = signal(false);
  protected readonly isBusy = signal(false);
  protected readonly problem = signal<ApiProblem | undefined>(undefined);

  constructor() {
    effect(() => {
      const saved = this.session.preferences();
      untracked(() => {
        if (!this.isChanged() && saved !== undefined) this.draft.set(saved);
      });
    });
  }

  protected change(preferences: Preferences): void {
    this.isChanged.set(true);
    this.draft.set(preferences);
  }

  protected async save(): Promise<void> {
    const preferences = this.draft();
    if (preferences === undefined || this.isBusy() || this.form()?.isValid() !== true) return;
    this.isBusy.set(true);
    this.problem.set(undefined);
    try {
      await this.session.savePreferences(preferences);
      this.isChanged.set(false);
      this.snackBar.open(this.common.saved, this.common.close, { duration: 4_000 });
    } catch (error) {
      this.problem.set(ApiProblem.from(error));
    } finally {
      this.isBusy.set(false);
    }
  }
}
