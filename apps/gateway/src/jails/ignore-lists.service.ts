import { IgnoreChangeAnswer, IgnoreListAnswer } from '@bailiff/contracts/agent';
import type { IgnoreChange, IgnoreChangeResult, IgnoreLists } from '@bailiff/contracts/http';
import { Database } from '@bailiff/persistence';
import { Injectable } from '@nestjs/common';
import type { Actor } from '../auth/actor.js';
import { AuditService } from '../audit/audit.service.js';
import { AgentCommands } from '../channel/agent-commands.js';
import { usableHost } from '../hosts/usable-host.js';
import { checkedAnswer } from './agent-answer.js';
import { EmptyIgnoreChangeError } from './empty-ignore-change.error.js';

/** Whom the jails of a host never count. */
@Injectable()
export class IgnoreListsService {
  constructor(
    private readonly database: Database,
    private readonly commands: AgentCommands,
    private readonly audit: AuditService,
  ) {}

  /** @throws {UnknownHostError} {@link CommandFailedError} */
  async list(hostId: string, jail: string | undefined): Promise<IgnoreLists> {
    await usableHost(this.database, hostId);
    const answer = await this.commands.command(hostId, 'ignore.list', jail === undefined ? {} : { jail });
    return { hostId, ...checkedAnswer(hostId, IgnoreListAnswer, answer) };
  }

  /** @throws {EmptyIgnoreChangeError} {@link UnknownHostError} {@link CommandFailedError} */
  async change(actor: Actor, hostId: string, change: IgnoreChange): Promise<IgnoreChangeResult> {
    const { add = [], remove = [], ignoreself, jails } = change;
    if (add.length + remove.length === 0 && ignoreself === undefined) throw new EmptyIgnoreChangeError();
    const host = await usableHost(this.database, hostId);
    const own = actor.address === null ? {} : { own: [actor.address] };
    const act = {
      actor,
      action: 'ignore-list.change',
      host,
      target: `${[...add, ...remove].join(', ') || 'ignoreself'} in ${jails?.join(', ') ?? 'every jail'}`,
      after: { ...change },
    };
    return this.audit.act(act, async () => {
      const answer = await this.commands.command(hostId, 'ignore.change', { ...change, ...own });
      return checkedAnswer(hostId, IgnoreChangeAnswer, answer);
    });
  }
}
