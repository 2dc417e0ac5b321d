import { MessageTooLargeError, NotWelcomedError } from '../errors/envelope.error.js';
import { type Answer, refusal } from './answer.js';
import type { SessionSender } from './session-sender.js';

const MAX_KEPT = 2_000;

/** Gets answers to the gateway, across sessions: what was not acknowledged goes out again in the next one. */
export class AnswerDesk {
  private readonly kept = new Map<string, Answer>();

  /**
   * @param sender the welcomed session, if there is one
   * @param now gateway time, milliseconds
   */
  constructor(
    private readonly sender: () => SessionSender | undefined,
    private readonly now: () => number,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** Whether the answer to this command still waits for a session. */
  has(id: string): boolean {
    return this.kept.has(id);
  }

  deliver(answer: Answer): void {
    const sender = this.sender();
    if (sender === undefined) {
      this.keep([answer]);
      return;
    }
    sender.answer(answer).catch((error: unknown) => {
      if (error instanceof NotWelcomedError) this.keep([answer]);
      else if (error instanceof MessageTooLargeError) {
        this.deliver(refusal(answer.re, answer.until, 'too-large', error.message));
      } else {
        this.onError(error);
        const detail = 'The result could not be written as JSON';
        this.deliver({ ...answer, outcome: { ok: false, err: { code: 'agent/internal', kind: 'bug', detail } } });
      }
    });
  }

  /** Holds answers until `flush`; the oldest give way. */
  keep(answers: readonly Answer[]): void {
    for (const answer of answers) this.kept.set(answer.re, answer);
    for (const id of this.kept.keys()) {
      if (this.kept.size <= MAX_KEPT) return;
      this.kept.delete(id);
    }
  }

  /** Sends what was held and is still waited for. */
  flush(): void {
    const answers = [...this.kept.values()];
    this.kept.clear();
    for (const answer of answers) if (answer.until > this.now()) this.deliver(answer);
  }
}
