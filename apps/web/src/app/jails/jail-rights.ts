import { inject, Service } from '@angular/core';
import { HostDirectory } from '../hosts/host-directory';
import { MESSAGES } from '../messages/messages';
import { Session } from '../session/session';

/** Whether settings of a host may be changed from here, and if not, why: the person, the host, or the line. */
@Service()
export class JailRights {
  private readonly hosts = inject(HostDirectory);
  private readonly session = inject(Session);
  private readonly m = inject(MESSAGES).jail;

  /** Why nothing can be changed; undefined when it can. */
  whyNot(hostId: string): string | undefined {
    if (!this.session.can('config')) return this.m.noScope;
    const host = this.hosts.byId(hostId);
    if (host === undefined) return undefined;
    if (!host.groups.includes('config')) return this.m.notGranted;
    return host.state === 'online' ? undefined : this.m.offline;
  }
}
