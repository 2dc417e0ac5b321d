import { HttpClient, httpResource } from '@angular/common/http';
import { Component, inject, signal } from '@angular/core';
import { MatSlideToggle } from '@angular/material/slide-toggle';
import type { LookupSettings, LookupSettingsPatch } from '@bailiff/contracts/http';
import { firstValueFrom } from 'rxjs';
import { ApiProblem } from '../api/api-problem';
import { ProblemNotice } from '../display/problem-notice';
import { StatusDot } from '../display/status-dot';
import { MESSAGES } from '../messages/messages';

/** Which look-ups are made, and which keys the worker holds. Each switch takes effect at once. */
@Component({
  selector: 'bailiff-lookup-settings',
  imports: [MatSlideToggle, ProblemNotice, StatusDot],
  template: `<h2>{{ m.title }}</h2>
    <p class="muted">{{ m.body }}</p>
    @if (problem() ?? resource.error(); as error) {
      <bailiff-problem [error]="error" [retryable]="problem() === undefined" (again)="resource.reload()" />
    }
    @if (resource.hasValue()) {
      @let known = resource.value();
      <div>
        <mat-slide-toggle [checked]="known.rdap" (change)="change({ rdap: $event.checked })">{{
          m.rdap
        }}</mat-slide-toggle>
        <p class="muted">{{ m.rdapHint }}</p>
      </div>
      <div>
        <mat-slide-toggle [checked]="known.reverseDns" (change)="change({ reverseDns: $event.checked })">{{
          m.reverseDns
        }}</mat-slide-toggle>
        <p class="muted">{{ m.reverseDnsHint }}</p>
      </div>
      <div class="keys">
        <span>AbuseIPDB</span>
        <bailiff-status [tone]="known.abuseipdbKey ? 'ok' : 'off'">{{ keyText(known.abuseipdbKey) }}</bailiff-status>
        <span>AlienVault OTX</span>
        <bailiff-status [tone]="known.otxKey ? 'ok' : 'off'">{{ keyText(known.otxKey) }}</bailiff-status>
      </div>
      <p class="muted">{{ m.keyHint }}</p>
    } @else if (!resource.error()) {
      <div class="skeleton" aria-hidden="true"></div>
    }`,
  styles: `
    :host {
      display: grid;
      gap: 12px;
      font-size: var(--text-sm);
    }
    div > .muted {
      margin: 2px 0 0 62px;
    }
    h2 {
      font-size: var(--text-sm);
    }
    .skeleton {
      height: 190px;
      border-radius: var(--radius);
      background: var(--line);
      opacity: 0.5;
    }
    .keys {
      display: grid;
      grid-template-columns: max-content 1fr;
      gap: 6px 16px;
    }
  `,
})
export class LookupSettingsForm {
  private readonly http = inject(HttpClient);
  protected readonly m = inject(MESSAGES).address.settings;
  protected readonly resource = httpResource<LookupSettings>(() => 'api/v1/lookups/settings');
  protected readonly problem = signal<ApiProblem | undefined>(undefined);

  protected keyText(isSet: boolean | null): string {
    return isSet === null ? this.m.keyUnknown : isSet ? this.m.key : this.m.noKey;
  }

  protected async change(patch: LookupSettingsPatch): Promise<void> {
    this.problem.set(undefined);
    try {
      this.resource.set(await firstValueFrom(this.http.patch<LookupSettings>('api/v1/lookups/settings', patch)));
    } catch (error) {
      this.problem.set(ApiProblem.from(error));
      this.resource.reload();
    }
  }
}
