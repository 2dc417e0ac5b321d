import type { GatewayTransport } from '../transport/transport.js';
import type { AgentLink } from './agent-link.js';
import type { AlarmCode } from './gateway-options.js';

/** Bad entries of one agent within a window after which it is not read for a while. */
const FLOOD_ENTRIES = 1_000;
const FLOOD_WINDOW_MS = 5_000;
const FLOOD_PAUSE_MS = 5_000;
const UNREADABLE_PAUSE_MS = 30_000;
/** Verified items waiting for the database beyond which an agent is not read, and below which it is again. */
const MAX_WAITING = 5_000;
const RESUME_WAITING = 1_000;
/** A stream position further ahead than this, milliseconds, was set by hand: nothing could ever be added behind it. */
const MAX_AHEAD_MS = 24 * 3_600_000;

/** Keeps one agent's stream from harming the others: floods, unreadable entries, impossible positions, a slow database. */
export class StreamGuard {
  private readonly floods = new Map<string, { sinceMs: number; bad: number }>();
  private readonly paused = new Map<string, NodeJS.Timeout | undefined>();

  constructor(
    private readonly transport: GatewayTransport,
    private readonly alarm: (agentId: string, code: AlarmCode, detail: string) => void,
  ) {}

  /** Looks at a link after it took entries. `now` is wall time in milliseconds. */
  judge(link: AgentLink, bad: number, now: number): void {
    const { agentId, position } = link;
    if (position !== undefined && Number(position.split('-')[0]) > now + MAX_AHEAD_MS) {
      this.alarm(agentId, 'bad_position', `entry ${position} is far in the future; the stream was dropped`);
      link.position = undefined;
      this.transport.unfollow(agentId);
      void this.transport.drop(agentId).then(
        () => this.transport.follow(agentId, undefined),
        () => this.pause(link, FLOOD_PAUSE_MS),
      );
      return;
    }
    if (bad > 0 && this.isFlood(agentId, bad)) {
      this.alarm(agentId, 'flood', `${FLOOD_ENTRIES} bad entries within ${FLOOD_WINDOW_MS / 1000} s; reading pauses`);
      this.pause(link, FLOOD_PAUSE_MS);
    } else if (link.queue.depth > MAX_WAITING) this.pause(link, undefined);
  }

  /** The transport had to give the stream up: try again later. */
  unreadable(agentId: string, detail: string, link: AgentLink | undefined): void {
    this.alarm(agentId, 'unreadable', detail);
    if (link !== undefined) this.pause(link, UNREADABLE_PAUSE_MS);
  }

  /** Reads again an agent whose database has caught up. */
  resume(link: AgentLink): void {
    const { agentId, queue } = link;
    if (!this.paused.has(agentId) || this.paused.get(agentId) !== undefined || queue.depth > RESUME_WAITING) return;
    this.paused.delete(agentId);
    this.transport.follow(agentId, link.position);
  }

  forget(agentId: string): void {
    clearTimeout(this.paused.get(agentId));
    this.paused.delete(agentId);
    this.floods.delete(agentId);
  }

  stop(): void {
    for (const timer of this.paused.values()) clearTimeout(timer);
  }

  private isFlood(agentId: string, bad: number): boolean {
    const now = performance.now();
    let flood = this.floods.get(agentId);
    if (flood === undefined || now - flood.sinceMs > FLOOD_WINDOW_MS) flood = { sinceMs: now, bad: 0 };
    flood.bad += bad;
    this.floods.set(agentId, flood);
    if (flood.bad < FLOOD_ENTRIES) return false;
    this.floods.delete(agentId);
    return true;
  }

  /** Stops reading an agent for `ms`, or until `resume`. */
  private pause(link: AgentLink, ms: number | undefined): void {
    const { agentId } = link;
    clearTimeout(this.paused.get(agentId));
    this.transport.unfollow(agentId);
    const follow = (): void => {
      this.paused.delete(agentId);
      this.transport.follow(agentId, link.position);
    };
    this.paused.set(agentId, ms === undefined ? undefined : setTimeout(follow, ms));
  }
}
