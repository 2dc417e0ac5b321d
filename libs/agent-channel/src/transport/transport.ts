/** One entry as the transport handed it over; `bytes` is undefined when it did not have our shape at all. */
export interface TransportEntry {
  /** Where it stood, comparable only by the transport. */
  readonly position: string;
  readonly bytes: Buffer | undefined;
}

/** What the agent's side of a transport calls back. */
export interface AgentTransportHandlers {
  /** The wire is usable: a session may begin. Called again after every loss. */
  connected(): void;
  /** The wire was lost; what was in flight may or may not have arrived. */
  disconnected(reason: string): void;
  /** Why there is no connection (refused, wrong password, certificate); not repeated while it stays the same. */
  failed(error: Error): void;
  /** Entries in order. The next ones are read only after the promise settles. */
  received(entries: readonly TransportEntry[]): Promise<void>;
}

/** The agent's side of the wire. Carries bytes, trusts nothing, reconnects by itself for ever. */
export interface AgentTransport {
  open(handlers: AgentTransportHandlers): void;
  /**
   * Appends in call order. `trimBefore` (a position returned earlier) lets the wire forget older entries.
   * Resolves to the entry's position; rejects when it is not known to be written.
   */
  send(bytes: Buffer, trimBefore: string | undefined): Promise<string>;
  close(): Promise<void>;
}

/** What the gateway's side of a transport calls back. */
export interface GatewayTransportHandlers {
  connected(): void;
  disconnected(reason: string): void;
  /** Why there is no connection (refused, wrong password, certificate); not repeated while it stays the same. */
  failed(error: Error): void;
  /** Entries of one agent, in order. */
  received(agentId: string, entries: readonly TransportEntry[]): void;
  /** Another gateway changed the set of agents. */
  agentsChanged(): void;
  /** The stream of one agent cannot be read (oversize entries close the connection, or its key has a wrong type). */
  unreadable(agentId: string, detail: string): void;
}

/** The gateway's side of the wire. */
export interface GatewayTransport {
  open(handlers: GatewayTransportHandlers): Promise<void>;
  readonly isConnected: boolean;
  /** Reads the agent's entries after `position` (undefined: from the start). Replaces an earlier position. */
  follow(agentId: string, position: string | undefined): void;
  unfollow(agentId: string): void;
  /** Appends to the agent's commands in call order. Rejects when it is not known to be written. */
  send(agentId: string, bytes: Buffer): Promise<void>;
  /** Forgets both streams of an agent. */
  drop(agentId: string): Promise<void>;
  /** Tells the reader (here or in another gateway) that the set of agents changed. */
  announceAgentsChanged(): Promise<void>;
  close(): Promise<void>;
}
