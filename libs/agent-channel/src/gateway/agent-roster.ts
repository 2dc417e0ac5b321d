import { ChannelKeyring } from '../envelope/channel-keyring.js';
import type { AgentPublicKeys, GatewayKeys, PublicKeys } from '../keys/keys.js';
import type { ResultMessage } from '../messages/message.js';
import { AgentLink } from './agent-link.js';
import type { AlarmCode, GatewayEndpointOptions, StoredSession } from './gateway-options.js';
import { StoreQueue } from './store-queue.js';

/** What the roster's agents report. */
export interface RosterEvents {
  onAlarm(agentId: string, code: AlarmCode, detail: string): void;
  onResult(link: AgentLink, message: ResultMessage): void;
  onReset(link: AgentLink, sid: string, reason: string): void;
  onStored(link: AgentLink, session: StoredSession, hasHello: boolean): void;
  onFollowed(link: AgentLink): void;
  /** The agent is gone from the directory; its streams were dropped, or could not be. */
  onForgotten(link: AgentLink): void;
  onError(error: unknown): void;
}

export interface AgentRosterOptions {
  readonly endpoint: Pick<GatewayEndpointOptions, 'directory' | 'sessions' | 'transport' | 'store'>;
  readonly events: RosterEvents;
  /** Gateway time, milliseconds since the epoch. */
  now(): number;
  wallMs(): number;
  monotonicMs(): number;
}

/** The agents that are followed, kept as the directory lists them. */
export class AgentRoster {
  private readonly agents = new Map<string, { readonly link: AgentLink; keys: AgentPublicKeys }>();
  private loading: Promise<void> = Promise.resolve();
  private isStopped = false;

  constructor(
    private readonly o: AgentRosterOptions,
    private ownKeys: GatewayKeys,
  ) {}

  get(agentId: string): AgentLink | undefined {
    return this.agents.get(agentId)?.link;
  }

  get links(): AgentLink[] {
    return [...this.agents.values()].map(({ link }) => link);
  }

  /** Signs with other keys from now on. */
  useKeys(keys: GatewayKeys): void {
    this.ownKeys = keys;
    for (const { link, keys: theirs } of this.agents.values()) {
      link.keyring.replace(currentFirst(keys), currentAndPrevious(theirs));
    }
  }

  /** Follows who is new in the directory, forgets who is gone. */
  reload(): Promise<void> {
    // One at a time, so that two calls cannot follow an agent twice.
    this.loading = this.loading.catch(() => undefined).then(() => this.reloadNow());
    return this.loading;
  }

  /** Stops storing; nothing is followed any more. */
  stop(): void {
    this.isStopped = true;
    for (const link of this.links) link.queue.close();
  }

  private async reloadNow(): Promise<void> {
    const { directory } = this.o.endpoint;
    const listed = new Set(await directory.list());
    for (const link of this.links) if (!listed.has(link.agentId)) await this.forget(link);
    for (const agentId of listed) {
      const keys = await directory.find(agentId);
      const known = this.agents.get(agentId);
      if (keys === undefined) {
        if (known !== undefined) await this.forget(known.link);
      } else if (known === undefined) await this.follow(agentId, keys);
      else {
        known.keys = keys;
        known.link.keyring.replace(currentFirst(this.ownKeys), currentAndPrevious(keys));
      }
    }
  }

  private async follow(agentId: string, keys: AgentPublicKeys): Promise<void> {
    const { endpoint, events } = this.o;
    const stored = await endpoint.sessions.load(agentId);
    if (this.isStopped) return;
    const queue = new StoreQueue({
      agentId,
      store: (batch) => endpoint.store(batch),
      onStored: (session, hasHello) => events.onStored(link, session, hasHello),
      onFailed: (error) => {
        events.onAlarm(agentId, 'store_failed', 'events could not be stored; trying again');
        events.onError(error);
      },
      now: () => Math.round(this.o.wallMs()),
    });
    const theirs = currentAndPrevious(keys);
    const link: AgentLink = new AgentLink({
      agentId,
      keyring: new ChannelKeyring(agentId, 'gateway', currentFirst(this.ownKeys), theirs, () => this.o.now()),
      stored,
      queue,
      onAlarm: (code, detail) => events.onAlarm(agentId, code, detail),
      onResult: (message) => events.onResult(link, message),
      onReset: (sid, reason) => events.onReset(link, sid, reason),
      monotonicMs: () => this.o.monotonicMs(),
    });
    this.agents.set(agentId, { link, keys });
    endpoint.transport.follow(agentId, stored?.position);
    events.onFollowed(link);
  }

  private async forget(link: AgentLink): Promise<void> {
    const { agentId } = link;
    const { endpoint, events } = this.o;
    this.agents.delete(agentId);
    link.queue.close();
    endpoint.transport.unfollow(agentId);
    events.onForgotten(link);
    await endpoint.transport.drop(agentId).catch((error: unknown) => events.onError(error));
  }
}

/** The current pair is the preferred one. */
function currentFirst({ all, current }: GatewayKeys): GatewayKeys['all'] {
  return [...all].sort((a, b) => Number(b.kid === current) - Number(a.kid === current));
}

function currentAndPrevious(keys: AgentPublicKeys): PublicKeys[] {
  const { previous, ...current } = keys;
  return previous === undefined ? [current] : [current, previous];
}
