import { SESSION_COOKIE } from '@bailiff/contracts/http';
import type { IncomingMessage } from 'node:http';

/** The API token of `Authorization: Bearer …`, undefined without that header. */
export function bearerOf(request: Pick<IncomingMessage, 'headers'>): string | undefined {
  const { authorization } = request.headers;
  return authorization === undefined ? undefined : (/^Bearer +(\S+)$/i.exec(authorization)?.[1] ?? '');
}

/** The session cookie, read from the header so that it works before any middleware too (WebSocket upgrades). */
export function sessionCookieOf(request: Pick<IncomingMessage, 'headers'>): string | undefined {
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const separator = pair.indexOf('=');
    if (separator > 0 && pair.slice(0, separator).trim() === SESSION_COOKIE) return pair.slice(separator + 1).trim();
  }
  return undefined;
}
