import type { JailActReport } from '@bailiff/contracts/agent';
import { Injectable } from '@nestjs/common';

type Listener = (hostId: string, report: JailActReport) => void;

/** How acts on jails go, as agents tell: from the channel to whoever began them. */
@Injectable()
export class JailActEvents {
  private readonly listeners = new Set<Listener>();

  listen(listener: Listener): void {
    this.listeners.add(listener);
  }

  tell(hostId: string, report: JailActReport): void {
    for (const listener of this.listeners) listener(hostId, report);
  }
}
