import { HttpClient } from '@angular/common/http';
import { computed, effect, inject, Service, signal, untracked } from '@angular/core';
import type { CurrentSession, LoginRequest, Preferences, PreferencesPatch, Scope } from '@bailiff/contracts/http';
import { firstValueFrom } from 'rxjs';
import { SessionEnd } from './session-end';

/** Who is signed in, and the preferences every page needs. */
@Service()
export class Session {
  private readonly http = inject(HttpClient);
  private readonly state = signal<CurrentSession | undefined>(undefined);

  readonly current = this.state.asReadonly();
  readonly isSignedIn = computed(() => this.state() !== undefined);
  readonly preferences = computed<Preferences | undefined>(() => this.state()?.preferences);

  constructor() {
    const sessionEnd = inject(SessionEnd);
    effect(() => {
      if (sessionEnd.ended() > 0) untracked(() => this.state.set(undefined));
    });
  }

  /** Whether the session covers something; `admin` covers all. */
  can(scope: Scope): boolean {
    const scopes = this.state()?.scopes ?? [];
    return scopes.includes(scope) || scopes.includes('admin');
  }

  /** Asks the server who is signed in. @throws {ApiProblem} `auth/required`, `setup/required` and all of the network */
  async load(): Promise<CurrentSession> {
    const current = await firstValueFrom(this.http.get<CurrentSession>('api/v1/session'));
    this.state.set(current);
    return current;
  }

  /** @throws {ApiProblem} `auth/invalid-credentials`, `request/too-many` */
  async login(request: LoginRequest): Promise<void> {
    await firstValueFrom(this.http.post('api/v1/session', request));
    await this.load();
  }

  async logout(): Promise<void> {
    try {
      await firstValueFrom(this.http.delete('api/v1/session'));
    } finally {
      this.state.set(undefined);
    }
  }

  async savePreferences(patch: PreferencesPatch): Promise<void> {
    await firstValueFrom(this.http.patch('api/v1/settings', patch));
    await this.load();
  }
}
