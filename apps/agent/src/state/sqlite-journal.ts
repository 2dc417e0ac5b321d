import type { CommandJournal, CommandOutcome } from '@bailiff/agent-channel';
import type { StateDatabase } from './state-database.js';

/** How long a command is remembered, milliseconds. Commands live two minutes at most; a day is for the people who ask. */
const KEEP_MS = 24 * 3_600_000;

/** Command ids and outcomes on disk: an id that was begun never runs again, whatever happened in between. */
export class SqliteJournal implements CommandJournal {
  readonly #begin;
  readonly #finish;
  readonly #find;
  readonly #forget;
  #forgottenAtMs = 0;

  constructor(state: StateDatabase) {
    const { db, durable } = state;
    this.#begin = durable.prepare('INSERT OR IGNORE INTO journal (id, cmd, begun_ms) VALUES (?, ?, ?)');
    // Without waiting for the disk: losing the outcome with the power leaves "begun", which is the truth then.
    this.#finish = db.prepare('UPDATE journal SET outcome = ? WHERE id = ?');
    this.#find = durable.prepare('SELECT outcome FROM journal WHERE id = ?');
    this.#forget = durable.prepare('DELETE FROM journal WHERE begun_ms < ?');
  }

  begin(id: string, cmd: string): Promise<'new' | 'seen'> {
    const now = Date.now();
    if (now - this.#forgottenAtMs > 3_600_000) {
      this.#forgottenAtMs = now;
      this.#forget.run(now - KEEP_MS);
    }
    return Promise.resolve(this.#begin.run(id, cmd, now).changes === 1 ? 'new' : 'seen');
  }

  finish(id: string, outcome: CommandOutcome): Promise<void> {
    this.#finish.run(JSON.stringify(outcome), id);
    return Promise.resolve();
  }

  outcome(id: string): Promise<CommandOutcome | undefined> {
    const row = this.#find.get(id);
    if (row === undefined) return Promise.resolve(undefined);
    const text = row['outcome'];
    // Only finish() writes here, so the text is an outcome.
    return Promise.resolve(typeof text === 'string' ? (JSON.parse(text) as CommandOutcome) : { state: 'begun' });
  }
}
