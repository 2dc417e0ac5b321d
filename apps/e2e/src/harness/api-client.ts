import type { ActiveBan, BulkDraft, HistoryEntry, HostInfo, JailInfo, Page, Problem } from '@bailiff/contracts/http';

/** An error answer of the API. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly problem: Partial<Problem>,
  ) {
    super(`${String(status)} ${problem.code ?? ''}: ${problem.detail ?? ''}`);
  }
}

/** The HTTP API as a browser uses it: session cookie, our own header on state changes. */
export class ApiClient {
  private cookie = '';

  constructor(readonly url: string) {}

  /** Value for a browser's cookie jar. */
  get sessionCookie(): string {
    return this.cookie;
  }

  get<T>(path: string, headers: Record<string, string> = {}): Promise<T> {
    return this.request<T>('GET', path, undefined, headers);
  }

  post<T = unknown>(path: string, body: object, headers: Record<string, string> = {}): Promise<T> {
    return this.request<T>('POST', path, body, headers);
  }

  put<T = unknown>(path: string, body: object): Promise<T> {
    return this.request<T>('PUT', path, body, {});
  }

  patch<T = unknown>(path: string, body: object): Promise<T> {
    return this.request<T>('PATCH', path, body, {});
  }

  delete(path: string): Promise<unknown> {
    return this.request('DELETE', path, undefined, {});
  }

  async signIn(passwordDigest: string): Promise<void> {
    await this.post('/api/v1/session', { passwordDigest });
  }

  /** Every row of a paged list. */
  async all<T>(path: string): Promise<T[]> {
    const items: T[] = [];
    let cursor: string | null = null;
    do {
      const query: string =
        cursor === null ? '' : `${path.includes('?') ? '&' : '?'}cursor=${encodeURIComponent(cursor)}`;
      const page: Page<T> = await this.get<Page<T>>(`${path}${query}`);
      items.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null);
    return items;
  }

  history(query = ''): Promise<HistoryEntry[]> {
    return this.all<HistoryEntry>(`/api/v1/history?limit=500${query}`);
  }

  bans(query = ''): Promise<ActiveBan[]> {
    return this.all<ActiveBan>(`/api/v1/bans?limit=500${query}`);
  }

  hosts(): Promise<readonly HostInfo[]> {
    return this.get('/api/v1/hosts');
  }

  jails(): Promise<readonly JailInfo[]> {
    return this.get('/api/v1/jails');
  }

  /** Has the server read a list, one address a line; nothing is banned or unbanned yet. */
  uploadList(query: string, addresses: readonly string[]): Promise<BulkDraft> {
    return this.request('POST', `/api/v1/bulk-jobs?${query}`, addresses.join('\n'), {});
  }

  private async request<T>(
    method: string,
    path: string,
    body: object | string | undefined,
    headers: Record<string, string>,
  ): Promise<T> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        'X-Bailiff-Request': '1',
        Origin: this.url,
        ...(body === undefined ? {} : { 'Content-Type': typeof body === 'string' ? 'text/plain' : 'application/json' }),
        ...(this.cookie === '' ? {} : { Cookie: this.cookie }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    for (const cookie of response.headers.getSetCookie()) this.cookie = cookie.split(';')[0] ?? '';
    const text = await response.text();
    const value: unknown = text === '' ? undefined : JSON.parse(text);
    if (!response.ok) throw new ApiError(response.status, value as Partial<Problem>);
    return value as T;
  }
}
