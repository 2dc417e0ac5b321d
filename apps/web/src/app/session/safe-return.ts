/** Where to go after signing in: a page of our own. An address that leads elsewhere, or back here, is not followed. */
export function safeReturn(url: string | undefined): string {
  return url !== undefined && /^\/(?![/\\])/.test(url) && !/^\/(login|setup)\b/.test(url) ? url : '/';
}
