import { Injectable } from '@nestjs/common';

/** Which agents are online, by their signed messages. */
@Injectable()
export class Presence {
  private readonly online = new Set<string>();

  isOnline(agentId: string): boolean {
    return this.online.has(agentId);
  }

  /** Whether that changed something. */
  set(agentId: string, isOnline: boolean): boolean {
    if (isOnline === this.online.has(agentId)) return false;
    if (isOnline) this.online.add(agentId);
    else this.online.delete(agentId);
    return true;
  }
}
