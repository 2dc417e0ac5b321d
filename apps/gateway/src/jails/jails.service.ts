import type { JailInfo } from '@bailiff/contracts/http';
import { Database } from '@bailiff/persistence';
import { Injectable } from '@nestjs/common';
import { HostNames } from '../hosts/host-names.js';
import { toJailInfo } from './jail-info.js';

/** Jails as the hosts' agents last reported them. */
@Injectable()
export class JailsService {
  constructor(
    private readonly database: Database,
    private readonly hostNames: HostNames,
  ) {}

  /** Jails of some hosts, or of all; by host and name. */
  async list(hostIds: readonly string[] | undefined): Promise<JailInfo[]> {
    const [names, jails] = await Promise.all([this.hostNames.load(), this.database.read.jails.list(hostIds)]);
    return jails.map((jail) => toJailInfo(jail, names.get(jail.hostId) ?? jail.hostId));
  }
}
