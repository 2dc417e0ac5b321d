import type { StateDatabase } from './state-database.js';

/** Named JSON values that move together with the outbox: call inside `StateDatabase.transaction`. */
export class CursorStore {
  readonly #get;
  readonly #set;

  constructor(state: StateDatabase) {
    this.#get = state.db.prepare('SELECT value FROM cursor WHERE name = ?');
    this.#set = state.db.prepare(
      'INSERT INTO cursor (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
    );
  }

  /** What was last stored under `name`; only this program writes here, so the caller knows its type. */
  get(name: string): unknown {
    const text = this.#get.get(name)?.['value'];
    return typeof text === 'string' ? JSON.parse(text) : undefined;
  }

  set(name: string, value: unknown): void {
    this.#set.run(name, JSON.stringify(value));
  }
}
