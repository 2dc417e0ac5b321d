/** `GET /api/health` (200 or 503), `/api/health/live`, `/api/health/ready`. */
export interface Health {
  readonly status: 'ok' | 'degraded' | 'down';
  readonly version: string;
  readonly setup: 'required' | 'complete';
  readonly checks: readonly { readonly name: string; readonly status: 'ok' | 'down'; readonly detail?: string }[];
}
