import { Database, type Repositories } from '@bailiff/persistence';
import { Injectable } from '@nestjs/common';
import { argon2id, hash, verify } from 'argon2';
import { InvalidCredentialsError, TooManyAttemptsError } from './auth.errors.js';

const KEY = 'auth.password-hash';
/** OWASP's first choice for argon2id; some 30 ms on a small server. */
const COST = { type: argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
/** Hashes worked on at once: more would only take memory from everything else. */
const MAX_AT_ONCE = 4;

/** The master password. What arrives is its SHA-256 made in the browser; what is kept is argon2id of that. */
@Injectable()
export class PasswordService {
  private running = 0;

  constructor(private readonly database: Database) {}

  /** @param digest 64 hexadecimal digits */
  hash(digest: string): Promise<string> {
    return hash(digest, COST);
  }

  /** @throws {InvalidCredentialsError} {@link TooManyAttemptsError} when too many are being checked */
  async check(digest: string): Promise<void> {
    const stored = await this.database.read.settings.get(KEY);
    if (typeof stored !== 'string') throw new InvalidCredentialsError();
    if (this.running >= MAX_AT_ONCE) throw new TooManyAttemptsError(1000);
    this.running += 1;
    try {
      if (!(await verify(stored, digest))) throw new InvalidCredentialsError();
    } finally {
      this.running -= 1;
    }
  }
}

/** Stores a hash inside the caller's transaction. */
export async function writePasswordHash({ settings }: Repositories, passwordHash: string): Promise<void> {
  await settings.set(KEY, passwordHash, Date.now());
}
