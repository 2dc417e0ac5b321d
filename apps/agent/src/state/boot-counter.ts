import type { StateDatabase } from './state-database.js';

/** The session counter: each number is larger than every one before it, on disk before it is used. */
export class BootCounter {
  readonly #increment;

  constructor(state: StateDatabase) {
    this.#increment = state.durable.prepare(
      `INSERT INTO counter (name, value) VALUES ('boot', 1) ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value`,
    );
  }

  next(): Promise<number> {
    return Promise.resolve(Number(this.#increment.get()?.['value']));
  }
}
