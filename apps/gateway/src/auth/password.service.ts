import type { SessionRole } from '@bailiff/contracts/http';
import { Database, type Repositories } from '@bailiff/persistence';
import { Injectable } from '@nestjs/common';
import { argon2id, hash, verify } from 'argon2';
import { InvalidCredentialsError, TooManyAttemptsError } from './auth.errors.js';

/** Where the hash of each role's password is kept. */
const KEYS = {
  operator: 'auth.password-hash',
  helpdesk: 'auth.helpdesk-password-hash',
} as const satisfies Record<SessionRole, string>;
/** OWASP's first choice for argon2id; some 30 ms on a small server. */
const COST = { type: argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
/** Hashes worked on at once: more would only take memory from everything else. */
const MAX_AT_ONCE = 4;

/**
 * The master password, and the help desk's if there is one. What arrives is a password's SHA-256 made in the browser; what is kept is
 * argon2id of that.
 */
@Injectable()
export class PasswordService {
  private running = 0;

  constructor(private readonly database: Database) {}

  /** @param digest 64 hexadecimal digits */
  hash(digest: string): Promise<string> {
    return hash(digest, COST);
  }

  /** Whether it is the master password. @throws {InvalidCredentialsError} {@link TooManyAttemptsError} when too many are being checked */
  async check(digest: string): Promise<void> {
    if (!(await this.isPasswordOf('operator', digest))) throw new InvalidCredentialsError();
  }

  /** Whose password it is. @throws {InvalidCredentialsError} nobody's {@link TooManyAttemptsError} */
  async roleFor(digest: string): Promise<SessionRole> {
    // Both are looked at whatever the first says, so that the time taken does not tell which one is close.
    const isOperator = await this.isPasswordOf('operator', digest);
    const isHelpDesk = await this.isPasswordOf('helpdesk', digest);
    if (isOperator) return 'operator';
    if (isHelpDesk) return 'helpdesk';
    throw new InvalidCredentialsError();
  }

  /** @throws {TooManyAttemptsError} when too many are being checked */
  async isPasswordOf(role: SessionRole, digest: string): Promise<boolean> {
    const stored = await this.database.read.settings.get(KEYS[role]);
    if (typeof stored !== 'string') return false;
    if (this.running >= MAX_AT_ONCE) throw new TooManyAttemptsError(1000);
    this.running += 1;
    try {
      return await verify(stored, digest);
    } finally {
      this.running -= 1;
    }
  }
}

/** Stores a hash inside the caller's transaction. */
export async function writePasswordHash(
  { settings }: Repositories,
  passwordHash: string,
  role: SessionRole = 'operator',
): Promise<void> {
  await settings.set(KEYS[role], passwordHash, Date.now());
}

/** Takes the help desk's password away inside the caller's transaction: nobody signs in with it any more. */
export async function deleteHelpDeskPassword({ settings }: Repositories): Promise<void> {
  await settings.delete(KEYS.helpdesk);
}

/** When the help desk's password was set, milliseconds; null when there is none. */
export function helpDeskPasswordSetAt({ settings }: Repositories): Promise<number | null> {
  return settings.updatedAt(KEYS.helpdesk);
}
