/** One thing the agent needs, and what to do when it is not so. */
export interface Check {
  readonly name: string;
  readonly state: 'ok' | 'warning' | 'failed';
  readonly detail: string;
  /** What to do; absent when all is well. */
  readonly remedy?: string;
}

/** Runs a check whose failure is its error's message. */
export async function check(name: string, remedy: string, work: () => string | Promise<string>): Promise<Check> {
  try {
    return { name, state: 'ok', detail: await work() };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return { name, state: 'failed', detail, remedy };
  }
}
