import type { TicketEvent } from '@bailiff/contracts/agent';
import type { StateDatabase } from './state-database.js';

/** Tickets of one `tickets` event, and the outbox row up to which it reaches. */
export interface OutboxBatch {
  readonly lastId: number;
  readonly tickets: readonly TicketEvent[];
}

/** Bounds of the spool on disk. */
export interface OutboxLimits {
  /** Past either of these, failures (`found`) are dropped and counted; bans and unbans stay. */
  readonly foundRows: number;
  readonly foundBytes: number;
  /** Past this nothing more is read from fail2ban, which keeps its own records meanwhile. */
  readonly pauseBytes: number;
}

const LIMITS: OutboxLimits = { foundRows: 10_000 * 20, foundBytes: 16 << 20, pauseBytes: 512 << 20 };
const BATCH_ROWS = 500;
const BATCH_BYTES = 200 * 1024;

/**
 * Tickets on their way to the gateway, in the order they were seen. Rows are added in the transaction that moves the cursor
 * they were read by, and leave only once the gateway said they are stored.
 */
export class Outbox {
  readonly #add;
  readonly #next;
  readonly #remove;
  readonly #removeFound;
  readonly #sumUpTo;
  #rows = 0;
  #bytes = 0;
  #dropped = 0;

  constructor(
    state: StateDatabase,
    private readonly limits: OutboxLimits = LIMITS,
  ) {
    const { db } = state;
    this.#add = db.prepare('INSERT INTO outbox (kind, body, bytes) VALUES (?, ?, ?)');
    this.#next = db.prepare(`SELECT id, body, bytes FROM outbox WHERE id > ? ORDER BY id LIMIT ${BATCH_ROWS}`);
    this.#remove = db.prepare('DELETE FROM outbox WHERE id <= ?');
    this.#sumUpTo = db.prepare('SELECT count(*) AS rows, coalesce(sum(bytes), 0) AS bytes FROM outbox WHERE id <= ?');
    this.#removeFound = db.prepare(`DELETE FROM outbox WHERE kind = 'found' RETURNING bytes`);
    this.recount();
  }

  /** Counts what is stored: after a transaction failed. */
  recount(): void {
    const total = this.#sumUpTo.get(Number.MAX_SAFE_INTEGER);
    this.#rows = Number(total?.['rows'] ?? 0);
    this.#bytes = Number(total?.['bytes'] ?? 0);
  }

  /** Tickets that wait. */
  get size(): number {
    return this.#rows;
  }

  /** Failures that were dropped since the agent started, for want of room. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Whether the spool is so large that reading on must wait for the gateway. */
  get isFull(): boolean {
    return this.#bytes >= this.limits.pauseBytes;
  }

  /** Call inside a transaction. */
  add(tickets: readonly TicketEvent[]): void {
    for (const ticket of tickets) {
      if (ticket.kind === 'found' && this.#isShort()) {
        this.#dropFound();
        this.#dropped += 1;
        continue;
      }
      const body = JSON.stringify(ticket);
      const bytes = Buffer.byteLength(body);
      this.#add.run(ticket.kind, body, bytes);
      this.#rows += 1;
      this.#bytes += bytes;
    }
  }

  /** The oldest tickets after row `afterId` that fit one event; undefined when there are none. */
  batchAfter(afterId: number): OutboxBatch | undefined {
    const tickets: TicketEvent[] = [];
    let lastId = afterId;
    let bytes = 0;
    for (const row of this.#next.iterate(afterId)) {
      bytes += Number(row['bytes']) + 1;
      if (tickets.length > 0 && bytes > BATCH_BYTES) break;
      lastId = Number(row['id']);
      // Only add() writes here, so the text is a ticket.
      const ticket = JSON.parse(String(row['body'])) as TicketEvent;
      tickets.push(ticket.kind === 'found' ? { ...ticket, number: lastId } : ticket);
    }
    return tickets.length === 0 ? undefined : { lastId, tickets };
  }

  /** The gateway has stored everything up to row `id`. */
  removeUpTo(id: number): void {
    const sum = this.#sumUpTo.get(id);
    this.#remove.run(id);
    this.#rows -= Number(sum?.['rows'] ?? 0);
    this.#bytes -= Number(sum?.['bytes'] ?? 0);
  }

  #isShort(): boolean {
    return this.#rows >= this.limits.foundRows || this.#bytes >= this.limits.foundBytes;
  }

  #dropFound(): void {
    for (const row of this.#removeFound.all()) {
      this.#rows -= 1;
      this.#bytes -= Number(row['bytes']);
      this.#dropped += 1;
    }
  }
}
