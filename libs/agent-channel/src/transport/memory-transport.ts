import { ChannelDownError } from '../errors/call.errors.js';
import type {
  AgentTransport,
  AgentTransportHandlers,
  GatewayTransport,
  GatewayTransportHandlers,
  TransportEntry,
} from './transport.js';

/** What the memory wire lets a test do to a message: return false to swallow it. */
export type WireFilter = (stream: 'cmd' | 'out', agentId: string, bytes: Buffer) => boolean;

interface Lane {
  readonly cmd: TransportEntry[];
  readonly out: TransportEntry[];
  agent: { handlers: AgentTransportHandlers; next: number } | undefined;
  /** Index of the entry the gateway reads next; undefined when it does not follow. */
  gatewayNext: number | undefined;
  isBusy: boolean;
}

/** Two streams per agent in memory, with everything an attacker on the wire could do. For tests. */
export class MemoryWire {
  /** Every message passes here before it is appended. */
  filter: WireFilter = () => true;
  private readonly lanes = new Map<string, Lane>();
  private handlers: GatewayTransportHandlers | undefined;
  private count = 0;

  /** Raw entries of a stream; the test may change the array. */
  entries(stream: 'cmd' | 'out', agentId: string): TransportEntry[] {
    return this.lane(agentId)[stream];
  }

  /** Appends bytes as an attacker would, past the filter. */
  inject(stream: 'cmd' | 'out', agentId: string, bytes: Buffer | undefined): void {
    this.count += 1;
    this.lane(agentId)[stream].push({ position: `${this.count}-0`, bytes });
    this.pump(agentId);
  }

  /** Cuts an agent off and lets it come back. */
  reconnectAgent(agentId: string): void {
    const { agent } = this.lane(agentId);
    agent?.handlers.disconnected('cut');
    agent?.handlers.connected();
  }

  /** The gateway's end. A second call replaces the first, as a restarted gateway would. */
  gateway(): GatewayTransport {
    let isOpen = false;
    return {
      open: (handlers) => {
        this.handlers = handlers;
        isOpen = true;
        setImmediate(() => handlers.connected());
        return Promise.resolve();
      },
      get isConnected() {
        return isOpen;
      },
      follow: (agentId, position) => {
        const { out } = this.lane(agentId);
        const at = position === undefined ? -1 : out.findIndex((entry) => sequence(entry) > sequence({ position }));
        this.lane(agentId).gatewayNext = position === undefined ? 0 : at === -1 ? out.length : at;
        this.pump(agentId);
      },
      unfollow: (agentId) => {
        this.lane(agentId).gatewayNext = undefined;
      },
      send: (agentId, bytes) => {
        if (!isOpen) return Promise.reject(new ChannelDownError());
        if (this.filter('cmd', agentId, bytes)) this.inject('cmd', agentId, bytes);
        return Promise.resolve();
      },
      drop: (agentId) => {
        const lane = this.lane(agentId);
        lane.cmd.length = 0;
        lane.out.length = 0;
        return Promise.resolve();
      },
      announceAgentsChanged: () => Promise.resolve(),
      close: () => {
        isOpen = false;
        this.handlers = undefined;
        for (const lane of this.lanes.values()) lane.gatewayNext = undefined;
        return Promise.resolve();
      },
    };
  }

  /** One agent's end. A second call for the same agent replaces the first, as a restarted agent would. */
  agent(agentId: string): AgentTransport {
    const lane = this.lane(agentId);
    let mine: Lane['agent'];
    return {
      open: (handlers) => {
        mine = { handlers, next: lane.cmd.length };
        lane.agent = mine;
        setImmediate(() => handlers.connected());
      },
      send: (bytes) => {
        if (mine === undefined || lane.agent !== mine) return Promise.reject(new ChannelDownError());
        if (this.filter('out', agentId, bytes)) this.inject('out', agentId, bytes);
        return Promise.resolve(`${this.count}-0`);
      },
      close: () => {
        if (lane.agent === mine) lane.agent = undefined;
        return Promise.resolve();
      },
    };
  }

  private lane(agentId: string): Lane {
    let lane = this.lanes.get(agentId);
    if (lane === undefined) {
      lane = { cmd: [], out: [], agent: undefined, gatewayNext: undefined, isBusy: false };
      this.lanes.set(agentId, lane);
    }
    return lane;
  }

  private pump(agentId: string): void {
    const lane = this.lane(agentId);
    if (lane.isBusy) return;
    lane.isBusy = true;
    setImmediate(() => {
      lane.isBusy = false;
      if (lane.gatewayNext !== undefined && lane.gatewayNext < lane.out.length) {
        const entries = lane.out.slice(lane.gatewayNext);
        lane.gatewayNext = lane.out.length;
        this.handlers?.received(agentId, entries);
      }
      const { agent } = lane;
      if (agent !== undefined && agent.next < lane.cmd.length) {
        const entries = lane.cmd.slice(agent.next);
        agent.next = lane.cmd.length;
        void agent.handlers.received(entries);
      }
    });
  }
}

function sequence(entry: { readonly position: string }): number {
  return Number(entry.position.split('-')[0]);
}

/** A wire in memory with both ends, for tests of what is built on the channel. */
export function memoryTransport(): {
  wire: MemoryWire;
  gateway: GatewayTransport;
  agent(agentId: string): AgentTransport;
} {
  const wire = new MemoryWire();
  return { wire, gateway: wire.gateway(), agent: (agentId) => wire.agent(agentId) };
}
