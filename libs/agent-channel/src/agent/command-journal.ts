import type { WireError } from '../messages/message.js';

/** How a command ended, or that it began and nobody wrote how it ended (the agent died in between). */
export type CommandOutcome =
  | { readonly state: 'begun' }
  | { readonly state: 'done'; readonly ok: true; readonly result: unknown }
  | { readonly state: 'done'; readonly ok: false; readonly err: WireError };

/**
 * Remembers commands, so that none runs twice and their outcome can be asked for later.
 * Only mutations are journaled. Keep entries for at least an hour.
 */
export interface CommandJournal {
  /** Notes durably that `id` is about to run; 'seen' when it was noted before: it must not run again. */
  begin(id: string, cmd: string): Promise<'new' | 'seen'>;
  /** Notes how it ended, before the answer is sent. */
  finish(id: string, outcome: CommandOutcome): Promise<void>;
  outcome(id: string): Promise<CommandOutcome | undefined>;
}
