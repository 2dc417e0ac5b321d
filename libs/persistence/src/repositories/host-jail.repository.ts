import { type EntityManager, In } from 'typeorm';
import { HostJail } from '../entities/index.js';

/** Jails as agents last reported them. */
export class HostJailRepository {
  constructor(private readonly manager: EntityManager) {}

  /** Jails of some hosts, or of all; by host and name. */
  list(hostIds?: readonly string[]): Promise<HostJail[]> {
    return this.manager.find(HostJail, {
      where: hostIds === undefined ? {} : { hostId: In([...hostIds]) },
      order: { hostId: 'ASC', name: 'ASC' },
    });
  }

  find(hostId: string, name: string): Promise<HostJail | null> {
    return this.manager.findOneBy(HostJail, { hostId, name });
  }
}
