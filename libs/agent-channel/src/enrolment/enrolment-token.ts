import { hkdfSync, randomBytes } from 'node:crypto';
import { EnrolmentError } from '../errors/enrolment.error.js';

/** Default life of a token, milliseconds. */
export const ENROLMENT_TTL_MS = 15 * 60_000;
/** Wrong secrets after which a token is worthless. */
export const MAX_WRONG_TRIES = 5;

const TOKEN = /^([0-9a-f]{16})\.([A-Za-z0-9_-]{43})$/;

/** What the gateway keeps of a token: enough to check a proof, not enough to show the token again. */
export interface EnrolmentTokenRecord {
  readonly id: string;
  /** Derived from the secret, base64url. Confidential while the token lives. */
  readonly verifierKey: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  readonly wrongTries: number;
  readonly used: boolean;
}

/** Key both sides prove to have; the secret itself never travels. */
function verifierKeyOf(id: string, secret: string): Buffer {
  return Buffer.from(hkdfSync('sha256', Buffer.from(secret, 'base64url'), 'bailiff/1/enrol', id, 32));
}

/**
 * Makes a token of the form `id.secret` (32 random bytes). Show `token` once; store `record`.
 * @param o.now milliseconds since the epoch
 */
export function createEnrolmentToken(o: { now: number; ttlMs?: number }): {
  token: string;
  record: EnrolmentTokenRecord;
} {
  const id = randomBytes(8).toString('hex');
  const secret = randomBytes(32).toString('base64url');
  const record = {
    id,
    verifierKey: verifierKeyOf(id, secret).toString('base64url'),
    expiresAt: o.now + (o.ttlMs ?? ENROLMENT_TTL_MS),
    wrongTries: 0,
    used: false,
  };
  return { token: `${id}.${secret}`, record };
}

/** Takes a token apart, blanks around it forgiven. @throws {EnrolmentError} `bad-token` */
export function parseEnrolmentToken(token: string): { id: string; verifierKey: Buffer } {
  const match = TOKEN.exec(token.trim());
  const [, id, secret] = match ?? [];
  if (id === undefined || secret === undefined) throw new EnrolmentError('bad-token', 'This is not an enrolment token');
  return { id, verifierKey: verifierKeyOf(id, secret) };
}
