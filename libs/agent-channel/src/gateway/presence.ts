import type { AgentLink } from './agent-link.js';

/** Milliseconds between questions to an agent that is heard but has not answered yet. */
const PING_EVERY_MS = 5_000;
/** A session that is being renewed is not reported as an absence unless it takes longer than this, milliseconds. */
const RENEWAL_MS = 5_000;

/** Who is there, judged by signed messages only. */
export class Presence {
  private readonly online = new Set<string>();
  private readonly pingedAtMs = new Map<string, number>();
  private readonly awaySinceMs = new Map<string, number>();

  constructor(
    private readonly offlineAfterMs: number,
    private readonly onChange: (agentId: string, online: boolean) => void,
  ) {}

  isHere(link: AgentLink): boolean {
    return link.isConfirmed && link.liveSid !== undefined && link.silentMs < this.offlineAfterMs;
  }

  /** Reports a change, if there is one. */
  update(link: AgentLink): void {
    const { agentId } = link;
    const isHere = this.isHere(link);
    if (isHere) this.awaySinceMs.delete(agentId);
    if (isHere === this.online.has(agentId)) return;
    if (isHere) this.online.add(agentId);
    else if (this.isOnlyRenewing(link)) return;
    else this.online.delete(agentId);
    this.onChange(agentId, isHere);
  }

  /** Whether the agent is heard, but nothing proves that what we hear is not an old stream. */
  needsPing(link: AgentLink): boolean {
    const { agentId, isConfirmed, liveSid, silentMs } = link;
    if (isConfirmed || liveSid === undefined || silentMs > this.offlineAfterMs) return false;
    const now = performance.now();
    if (now - (this.pingedAtMs.get(agentId) ?? now - PING_EVERY_MS) < PING_EVERY_MS) return false;
    this.pingedAtMs.set(agentId, now);
    return true;
  }

  forget(agentId: string): void {
    this.pingedAtMs.delete(agentId);
    this.awaySinceMs.delete(agentId);
    if (this.online.delete(agentId)) this.onChange(agentId, false);
  }

  /** Whether the agent is heard and merely has not answered in its new session yet. */
  private isOnlyRenewing({ agentId, silentMs }: AgentLink): boolean {
    const now = performance.now();
    const since = this.awaySinceMs.get(agentId) ?? now;
    this.awaySinceMs.set(agentId, since);
    const isOnlyRenewing = silentMs < this.offlineAfterMs && now - since < RENEWAL_MS;
    if (!isOnlyRenewing) this.awaySinceMs.delete(agentId);
    return isOnlyRenewing;
  }
}
