import type { IngestResult } from '@bailiff/persistence';
import { Injectable, Logger } from '@nestjs/common';

type HelloListener = (hostId: string) => void;
type StoredListener = (hostId: string, result: IngestResult) => void;

/** Tells features what agents reported, once it is stored. What a listener does with it is its own affair. */
@Injectable()
export class FleetEvents {
  private readonly logger = new Logger(FleetEvents.name);
  private readonly helloListeners: HelloListener[] = [];
  private readonly storedListeners: StoredListener[] = [];

  /** A host's agent began a session: what holds on the host may be told again. */
  onHello(listener: HelloListener): void {
    this.helloListeners.push(listener);
  }

  /** Bans and unbans came in; each is told to one gateway copy, once. */
  onStored(listener: StoredListener): void {
    this.storedListeners.push(listener);
  }

  tell(hostId: string, result: IngestResult, isHello: boolean): void {
    try {
      if (isHello) for (const listener of this.helloListeners) listener(hostId);
      if (result.events.length > 0) for (const listener of this.storedListeners) listener(hostId, result);
    } catch (error) {
      this.logger.error({ err: error, hostId }, 'a listener failed');
    }
  }
}
