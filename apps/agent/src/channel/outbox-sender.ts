import { type AgentEndpoint, MessageTooLargeError, NotWelcomedError } from '@bailiff/agent-channel';
import { AGENT_EVENTS } from '@bailiff/contracts/agent';
import type { Outbox } from '../state/outbox.js';

type Endpoint = Pick<AgentEndpoint, 'sid' | 'isWelcomed' | 'sendEvent' | 'onSession' | 'onAck'>;

interface InFlight {
  readonly seq: number;
  /** Outbox row up to which the event reaches. */
  readonly lastId: number;
}

/** Sends the outbox in order; rows leave it once the gateway said they are stored. A new session begins with the oldest. */
export class OutboxSender {
  #inFlight: InFlight[] = [];
  #sid = '';
  #sentId = 0;
  #isSending = false;
  #isStopped = false;
  #drained: (() => void)[] = [];

  constructor(
    private readonly endpoint: Endpoint,
    private readonly outbox: Outbox,
    private readonly onError: (error: unknown) => void,
  ) {
    endpoint.onSession((sid) => {
      this.#sid = sid;
      this.#inFlight = [];
      this.#sentId = 0;
      this.wake();
    });
    endpoint.onAck(({ sid, seq }) => this.#acknowledge(sid, seq));
  }

  /** There may be something to send. */
  wake(): void {
    if (this.#isSending || this.#isStopped) return;
    this.#isSending = true;
    void this.#send().finally(() => (this.#isSending = false));
  }

  /** Resolves when everything that is in the outbox now was sent (not yet stored), or after `withinMs`. */
  async settled(withinMs: number): Promise<void> {
    if (this.outbox.batchAfter(this.#sentId) === undefined) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#drained.push(resolve);
      timer = setTimeout(resolve, withinMs);
    });
    clearTimeout(timer);
  }

  stop(): void {
    this.#isStopped = true;
  }

  async #send(): Promise<void> {
    while (this.endpoint.isWelcomed && !this.#isStopped) {
      const batch = this.outbox.batchAfter(this.#sentId);
      if (batch === undefined) break;
      const sid = this.#sid;
      const { lastId, tickets } = batch;
      this.#sentId = lastId;
      try {
        const seq = await this.endpoint.sendEvent(AGENT_EVENTS.tickets, { tickets });
        if (sid === this.#sid) this.#inFlight.push({ seq, lastId });
      } catch (error) {
        // Sent again from the oldest when the next session begins.
        if (error instanceof NotWelcomedError) return;
        this.onError(error);
        // A batch is cut far below the limit; what all the same does not fit never will.
        if (error instanceof MessageTooLargeError && sid === this.#sid && this.#inFlight.length === 0)
          this.outbox.removeUpTo(lastId);
        else if (error instanceof MessageTooLargeError) this.#sentId = this.#inFlight.at(-1)?.lastId ?? 0;
        return;
      }
    }
    for (const resolve of this.#drained.splice(0)) resolve();
  }

  #acknowledge(sid: string, seq: number): void {
    if (sid !== this.#sid) return;
    const stored = this.#inFlight.findLast((one) => one.seq <= seq);
    if (stored === undefined) return;
    this.#inFlight = this.#inFlight.filter((one) => one.seq > seq);
    this.outbox.removeUpTo(stored.lastId);
  }
}
