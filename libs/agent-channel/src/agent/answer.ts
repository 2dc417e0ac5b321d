import type { WireError } from '../messages/message.js';

/** What goes back for one command. */
export interface Answer {
  /** Id of the command. */
  readonly re: string;
  /** When nobody waits for it any more, milliseconds by the gateway's clock. */
  readonly until: number;
  readonly outcome: { readonly ok: true; readonly result: unknown } | { readonly ok: false; readonly err: WireError };
}

/** An answer that the channel itself gives. */
export function refusal(re: string, until: number, code: string, detail: string): Answer {
  return { re, until, outcome: { ok: false, err: { code: `channel/${code}`, kind: 'operational', detail } } };
}
