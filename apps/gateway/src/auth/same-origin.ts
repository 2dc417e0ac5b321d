import { HEADERS } from '@bailiff/contracts/http';
import type { Request } from 'express';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Whether a request changes nothing, and so needs no proof of where it comes from. */
export function isSafe({ method }: Pick<Request, 'method'>): boolean {
  return SAFE_METHODS.has(method);
}

/**
 * Whether a state-changing request that rides on the cookie comes from our own pages: it carries our header, which another
 * origin can't add without asking, and the browser's own `Sec-Fetch-Site` or `Origin` says the same. A request with neither
 * of the two is refused.
 */
export function isFromOwnPages(request: Pick<Request, 'get' | 'host' | 'protocol'>, publicUrl?: string): boolean {
  if (request.get(HEADERS.request) === undefined) return false;
  const site = request.get('Sec-Fetch-Site');
  if (site !== undefined) return site === 'same-origin';
  const origin = request.get('Origin');
  if (origin === undefined) return false;
  const own = `${request.protocol}://${request.host}`; // both after trusted proxies
  return origin === own || (publicUrl !== undefined && origin === new URL(publicUrl).origin);
}
