import { WebRequestError } from './web-request.error.js';

/**
 * Reads the address of a request or a redirect.
 * @throws {WebRequestError} `web/url-refused` when it is none, is not http(s), or carries a user name or password
 */
export function checkUrl(text: string, httpsOnly: boolean): URL {
  const url = URL.parse(text);
  if (url === null) throw new WebRequestError('web/url-refused', 'this is no URL');
  const protocols = httpsOnly ? ['https:'] : ['https:', 'http:'];
  if (!protocols.includes(url.protocol))
    throw new WebRequestError('web/url-refused', `${url.protocol} is not allowed, only ${protocols.join(' ')}`);
  if (url.username !== '' || url.password !== '')
    throw new WebRequestError('web/url-refused', 'a user name or password in a URL is not allowed');
  return url;
}

/** Whether secrets meant for one may be sent to the other. */
export function sameOrigin(a: URL, b: URL): boolean {
  return a.origin === b.origin;
}
