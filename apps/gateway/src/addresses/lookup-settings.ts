import type { LookupSettings, LookupSettingsPatch } from '@bailiff/contracts/http';
import { Database } from '@bailiff/persistence';
import { Injectable } from '@nestjs/common';
import type { Actor } from '../auth/actor.js';
import { AuditService } from '../audit/audit.service.js';

const KEY = 'lookups';

/** Which look-ups an operator wants. */
export type WantedLookups = Pick<LookupSettings, 'rdap' | 'reverseDns'>;

/** The operator's choice, kept in the database. */
@Injectable()
export class LookupChoices {
  constructor(
    private readonly database: Database,
    private readonly audit: AuditService,
  ) {}

  /** Names are off until somebody wants them: asking for one tells the address's owner that it is looked at. */
  async wanted(): Promise<WantedLookups> {
    return readChoices(await this.database.read.settings.get(KEY));
  }

  async change(actor: Actor, { rdap, reverseDns }: LookupSettingsPatch): Promise<void> {
    await this.database.withTransaction(async (repositories) => {
      const before = readChoices(await repositories.settings.get(KEY));
      const after = { rdap: rdap ?? before.rdap, reverseDns: reverseDns ?? before.reverseDns };
      await repositories.settings.set(KEY, after, Date.now());
      await this.audit.record(repositories, { actor, action: 'lookups.change', before, after });
    });
  }
}

function readChoices(stored: unknown): WantedLookups {
  const { rdap, reverseDns } = (typeof stored === 'object' && stored !== null ? stored : {}) as Partial<WantedLookups>;
  return { rdap: rdap !== false, reverseDns: reverseDns === true };
}
