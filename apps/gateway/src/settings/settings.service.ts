import type { Preferences, PreferencesPatch } from '@bailiff/contracts/http';
import { Database, type Repositories } from '@bailiff/persistence';
import { Injectable } from '@nestjs/common';
import type { Actor } from '../auth/actor.js';
import { AuditService } from '../audit/audit.service.js';
import { Notices } from '../core/notices.js';
import { checkPreferences } from './check-preferences.js';
import { defaultPreferences } from './default-preferences.js';

const KEY = 'preferences';
/** Other gateway copies' changes are seen within this time even without Redis, milliseconds. */
const REMEMBERED_MS = 10_000;

/** The operator's preferences. */
@Injectable()
export class SettingsService {
  private known: { readonly preferences: Preferences; readonly atMs: number } | undefined;

  constructor(
    private readonly database: Database,
    private readonly audit: AuditService,
    private readonly notices: Notices,
  ) {
    notices.listen('preferences', () => (this.known = undefined));
    notices.listen('setup', () => (this.known = undefined));
  }

  async preferences(): Promise<Preferences> {
    const now = Date.now();
    if (this.known !== undefined && now - this.known.atMs < REMEMBERED_MS) return this.known.preferences;
    const preferences = await readPreferences(this.database.read);
    this.known = { preferences, atMs: now };
    return preferences;
  }

  /** Changes part of them. @throws {InvalidRequestError} */
  async change(actor: Actor, patch: PreferencesPatch): Promise<Preferences> {
    const after = await this.database.withTransaction(async (repositories) => {
      const before = await readPreferences(repositories);
      const next = { ...before, ...onlyDefined(patch) };
      checkPreferences(next, '');
      await writePreferences(repositories, next);
      await this.audit.record(repositories, { actor, action: 'settings.change', before, after: next });
      return next;
    });
    await this.notices.tell('preferences');
    return after;
  }
}

/** Writes them inside the caller's transaction, unchecked. */
export async function writePreferences({ settings }: Repositories, preferences: Preferences): Promise<void> {
  await settings.set(KEY, preferences, Date.now());
}

async function readPreferences({ settings }: Repositories): Promise<Preferences> {
  const stored = await settings.get(KEY);
  const defaults = defaultPreferences();
  // What an older version stored may lack what a newer one knows.
  return typeof stored === 'object' && stored !== null ? { ...defaults, ...stored } : defaults;
}

function onlyDefined(patch: PreferencesPatch): Partial<Preferences> {
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
}
