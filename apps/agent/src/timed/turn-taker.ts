/** Lets one thing happen after the other. */
export class TurnTaker {
  #last: Promise<unknown> = Promise.resolve();

  /** Runs `work` when everything asked for before is over, however it ended. */
  run<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work, work);
    this.#last = result.catch(() => undefined);
    return result;
  }
}
