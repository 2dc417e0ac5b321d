import type { HelpDeskAccess, HelpDeskPasswordRequest } from '@bailiff/contracts/http';
import { Database } from '@bailiff/persistence';
import { Injectable } from '@nestjs/common';
import type { Actor } from '../auth/actor.js';
import { AuditService } from '../audit/audit.service.js';
import {
  deleteHelpDeskPassword,
  helpDeskPasswordSetAt,
  PasswordService,
  writePasswordHash,
} from '../auth/password.service.js';
import { SessionsService } from '../auth/sessions.service.js';
import { timeOrNull } from '../hosts/host-info.js';
import { SamePasswordError } from './help-desk.errors.js';

/** The help desk's password. Whoever signed in with the one before has to do so again. */
@Injectable()
export class HelpDeskAccessService {
  constructor(
    private readonly database: Database,
    private readonly passwords: PasswordService,
    private readonly sessions: SessionsService,
    private readonly audit: AuditService,
  ) {}

  async read(): Promise<HelpDeskAccess> {
    const [setAtMs, sessions] = await Promise.all([
      helpDeskPasswordSetAt(this.database.read),
      this.database.read.sessions.list(Date.now()),
    ]);
    return {
      isSet: setAtMs !== null,
      sessions: sessions.filter(({ role }) => role === 'helpdesk').length,
      changedAt: timeOrNull(setAtMs),
    };
  }

  /** @throws {SamePasswordError} */
  async set(actor: Actor, { newDigest }: HelpDeskPasswordRequest): Promise<void> {
    await this.audit.act({ actor, action: 'help-desk.password-set' }, async () => {
      if (await this.passwords.isPasswordOf('operator', newDigest)) throw new SamePasswordError();
      const passwordHash = await this.passwords.hash(newDigest);
      await this.database.withTransaction((repositories) => writePasswordHash(repositories, passwordHash, 'helpdesk'));
      await this.sessions.closeRole('helpdesk');
    });
  }

  /** Nobody signs in as help desk any more. */
  async remove(actor: Actor): Promise<void> {
    await this.audit.act({ actor, action: 'help-desk.password-remove' }, async () => {
      await this.database.withTransaction(deleteHelpDeskPassword);
      await this.sessions.closeRole('helpdesk');
    });
  }
}
