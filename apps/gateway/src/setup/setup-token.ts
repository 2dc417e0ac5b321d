import { Database } from '@bailiff/persistence';
import { Injectable } from '@nestjs/common';
import { createSecret, hashSecret, matchesHash } from '../auth/secrets.js';
import { SetupState } from './setup-state.js';
import { SetupTokenError } from './setup.errors.js';

const KEY = 'setup.token-hash';

/** The one-time token without which nobody can set the application up. */
@Injectable()
export class SetupToken {
  constructor(
    private readonly database: Database,
    private readonly state: SetupState,
  ) {}

  /** Makes a new token while setup is not complete; any earlier one is void. @returns null once setup is complete */
  async renew(): Promise<string | null> {
    if (await this.state.isComplete()) return null;
    const token = createSecret();
    await this.database.withTransaction(({ settings }) => settings.set(KEY, hashSecret(token), Date.now()));
    return token;
  }

  async isValid(token: string | undefined): Promise<boolean> {
    if (token === undefined || token === '') return false;
    const hash = await this.database.read.settings.get(KEY);
    return typeof hash === 'string' && matchesHash(token, hash);
  }

  /** @throws {SetupTokenError} */
  async require(token: string | undefined): Promise<void> {
    if (!(await this.isValid(token))) throw new SetupTokenError();
  }
}

/** Name of the setting that goes when setup is complete. */
export const SETUP_TOKEN_KEY = KEY;
