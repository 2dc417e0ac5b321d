/**
 * Whether a WebSocket handshake comes from a page of our own. Browsers always send `Origin` with it and scripts cannot
 * forge it; a missing one is not a browser of ours.
 * @param origin the `Origin` header @param host host and port the browser asked for, after trusted proxies
 */
export function isSameOrigin(origin: string | undefined, host: string | undefined): boolean {
  if (origin === undefined || host === undefined || !URL.canParse(origin)) return false;
  const { protocol, host: originHost } = new URL(origin);
  return (protocol === 'http:' || protocol === 'https:') && originHost === normalHost(host, protocol);
}

/** Drops the default port, as URL does for the origin. */
function normalHost(host: string, protocol: string): string | undefined {
  const url = `${protocol}//${host}`;
  return URL.canParse(url) ? new URL(url).host : undefined;
}
