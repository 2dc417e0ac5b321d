import { join } from 'node:path';
import type {
  DatabaseTestRequest,
  DatabaseTestResult,
  ProblemField,
  SetupRequest,
  SetupStatus,
} from '@bailiff/contracts/http';
import { InvalidRequestError } from '@bailiff/nest-kit';
import { Database, type DatabaseLocation, SETUP_STATE_KEY, testDatabase } from '@bailiff/persistence';
import { Injectable, Logger } from '@nestjs/common';
import { AuditService } from '../audit/audit.service.js';
import { setupActor } from '../auth/actor.js';
import { PasswordService, writePasswordHash } from '../auth/password.service.js';
import { replacePrivateFile } from '../channel/private-file.js';
import { DATABASE_FILE } from '../core/database.provider.js';
import { Notices } from '../core/notices.js';
import { GatewayConfig } from '../gateway.config.js';
import { checkPreferences } from '../settings/check-preferences.js';
import { defaultPreferences } from '../settings/default-preferences.js';
import { writePreferences } from '../settings/settings.service.js';
import { LocalHosts } from './local-hosts.js';
import { SetupState } from './setup-state.js';
import { SETUP_TOKEN_KEY, SetupToken } from './setup-token.js';
import { SetupCompleteError } from './setup.errors.js';

/**
 * First start. Killed at any point and started again, it is either complete or can be run again: the database is moved first,
 * while nothing says "complete" anywhere; then password, preferences and "complete" land in one transaction.
 */
@Injectable()
export class SetupService {
  private readonly logger = new Logger(SetupService.name);
  private running: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly state: SetupState,
    private readonly token: SetupToken,
    private readonly passwords: PasswordService,
    private readonly localHosts: LocalHosts,
    private readonly audit: AuditService,
    private readonly notices: Notices,
    private readonly config: GatewayConfig,
  ) {}

  /** State, and to the token's holder what the wizard starts with. @throws {SetupCompleteError} */
  async status(token: string | undefined): Promise<SetupStatus> {
    await this.requireIncomplete();
    if (!(await this.token.isValid(token))) return { state: 'required' };
    return {
      state: 'required',
      proposal: {
        database: {
          kind: this.database.kind,
          location: describeLocation(this.database.location),
          readOnly: this.config.databaseUrl !== undefined,
        },
        localHost: await this.localHosts.find(),
        preferences: defaultPreferences(),
      },
    };
  }

  /** Tries a database without changing anything. @throws {SetupCompleteError} {@link SetupTokenError} */
  async testDatabase(token: string | undefined, request: DatabaseTestRequest): Promise<DatabaseTestResult> {
    await this.requireIncomplete();
    await this.token.require(token);
    const location = this.locationOf(request, '');
    return location === undefined ? { ok: true, detail: 'This database is in use already.' } : testDatabase(location);
  }

  /**
   * Sets the application up.
   * @throws {SetupCompleteError} {@link SetupTokenError} {@link InvalidRequestError}
   * @throws {DatabaseUnusableError} when the chosen database can't be used; nothing has changed then
   */
  complete(token: string | undefined, request: SetupRequest, address: string): Promise<void> {
    // One after the other: two at once would both find setup incomplete.
    const result = this.running.then(() => this.completeOnce(token, request, address));
    this.running = result.catch(() => undefined); // the caller gets the error
    return result;
  }

  private async completeOnce(token: string | undefined, request: SetupRequest, address: string): Promise<void> {
    await this.requireIncomplete();
    await this.token.require(token);
    checkPreferences(request.preferences, '/preferences');
    const location = this.locationOf(request.database, '/database');
    await this.database.withTransaction(({ settings }) => settings.set(SETUP_STATE_KEY, 'in_progress', Date.now()));
    const passwordHash = await this.passwords.hash(request.passwordDigest);
    if (location !== undefined) await this.moveTo(location);
    if (request.useLocalHost === false) await this.localHosts.remove();
    await this.database.withTransaction(async (repositories) => {
      const { settings } = repositories;
      if ((await settings.get(SETUP_STATE_KEY)) === 'complete') throw new SetupCompleteError();
      await writePasswordHash(repositories, passwordHash);
      await writePreferences(repositories, request.preferences);
      await settings.set(SETUP_STATE_KEY, 'complete', Date.now());
      await settings.delete(SETUP_TOKEN_KEY);
      const after = { database: this.database.kind, preferences: request.preferences };
      await this.audit.record(repositories, { actor: setupActor(address), action: 'setup.complete', after });
    });
    this.logger.log({ database: this.database.kind }, 'setup complete');
    await this.notices.tell('setup');
  }

  private async moveTo(location: DatabaseLocation): Promise<void> {
    const path = join(this.config.dataDir, DATABASE_FILE);
    await this.database.moveTo(location, () => replacePrivateFile(path, `${JSON.stringify(location)}\n`));
  }

  /** The chosen location, or undefined when it is where the data is already. */
  private locationOf({ kind, location }: DatabaseTestRequest, base: string): DatabaseLocation | undefined {
    const refuse = (detail: string) =>
      new InvalidRequestError([{ pointer: `${base}/location`, detail } satisfies ProblemField]);
    const current = this.database.location;
    if (kind === this.database.kind && location === describeLocation(current)) return undefined;
    if (this.config.databaseUrl !== undefined) throw refuse('can not be chosen: DATABASE_URL is set');
    if (kind === 'postgres') {
      if (!/^postgres(ql)?:\/\//.test(location) || !URL.canParse(location)) throw refuse('must be a URL: postgres://…');
      return { databaseUrl: location };
    }
    if (!location.startsWith('/') || location.includes('\0')) throw refuse('must be an absolute path');
    const isCurrent = 'sqlitePath' in current && current.sqlitePath === location;
    return isCurrent ? undefined : { sqlitePath: location };
  }

  private async requireIncomplete(): Promise<void> {
    if (await this.state.isComplete()) throw new SetupCompleteError();
  }
}

/** A location as it may be shown: never a password. */
function describeLocation(location: DatabaseLocation): string {
  if ('sqlitePath' in location) return location.sqlitePath;
  const url = new URL(location.databaseUrl);
  if (url.password !== '') url.password = '***';
  return url.href;
}
