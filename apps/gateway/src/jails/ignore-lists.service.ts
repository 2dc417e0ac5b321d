import { IgnoreChangeAnswer, IgnoreListAnswer } from '@bailiff/contracts/agent';
import type {
  IgnoreChange,
  IgnoreChangeResult,
  IgnoreLists,
  IgnoreOutcome,
  StillBanned,
} from '@bailiff/contracts/http';
import { contains, isAddress, tryParseNetwork } from '@bailiff/ip';
import { Database } from '@bailiff/persistence';
import { Injectable } from '@nestjs/common';
import type { Actor } from '../auth/actor.js';
import { AuditService } from '../audit/audit.service.js';
import { AgentCommands } from '../channel/agent-commands.js';
import { usableHost } from '../hosts/usable-host.js';
import { checkedAnswer } from './agent-answer.js';
import { EmptyIgnoreChangeError } from './empty-ignore-change.error.js';

const MAX_STILL_BANNED = 1_000;

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
      const result = checkedAnswer(hostId, IgnoreChangeAnswer, answer);
      const inside = await this.bannedInside(hostId, add, result.outcomes);
      const all = new Map([...result.stillBanned, ...inside].map((ban) => [`${ban.jail} ${ban.address}`, ban]));
      return { ...result, stillBanned: [...all.values()].slice(0, MAX_STILL_BANNED) };
    });
  }

  /** Bans inside networks that are ignored from now on. The agent tells of single addresses; lists of bans are kept here. */
  private async bannedInside(
    hostId: string,
    added: readonly string[],
    outcomes: readonly IgnoreOutcome[],
  ): Promise<StillBanned[]> {
    const jailsOf = Map.groupBy(
      outcomes.filter(({ result }) => result === 'added' || result === 'unchanged'),
      ({ entry }) => entry ?? '',
    );
    const networks = new Set(added.map((entry) => tryParseNetwork(entry)));
    const found: StillBanned[] = [];
    for (const [entry, where] of jailsOf) {
      const network = tryParseNetwork(entry);
      if (network === undefined || isAddress(network) || !networks.has(network)) continue;
      const jails = new Set(where.map(({ jail }) => jail));
      for (const ban of await this.database.read.addresses.activeBans(network, MAX_STILL_BANNED)) {
        const banned = tryParseNetwork(ban.address);
        if (ban.hostId === hostId && jails.has(ban.jail) && banned !== undefined && contains(network, banned))
          found.push({ jail: ban.jail, address: ban.address });
      }
    }
    return found;
  }
}
