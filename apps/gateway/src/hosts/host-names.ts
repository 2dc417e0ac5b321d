import { Database } from '@bailiff/persistence';
import { Injectable } from '@nestjs/common';

/** Names of hosts for lists and events, without a join per row. */
@Injectable()
export class HostNames {
  private names = new Map<string, string>();

  constructor(private readonly database: Database) {}

  /** Names of all hosts that may appear, revoked ones included, as of now. */
  async load(): Promise<ReadonlyMap<string, string>> {
    const hosts = await this.database.read.hosts.list();
    this.names = new Map(hosts.map(({ id, name }) => [id, name]));
    return this.names;
  }

  /** The name as last read; the id itself for a host that is not known. */
  async of(hostId: string): Promise<string> {
    return this.names.get(hostId) ?? (await this.load()).get(hostId) ?? hostId;
  }

  /** To be called when a host was renamed or added. */
  set(hostId: string, name: string): void {
    this.names.set(hostId, name);
  }
}
