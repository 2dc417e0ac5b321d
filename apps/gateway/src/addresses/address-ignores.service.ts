import { IgnoreFindAnswer } from '@bailiff/contracts/agent';
import type { AddressIgnores, IgnoringJail, SilentHost } from '@bailiff/contracts/http';
import { type IpNetwork, parseNetwork } from '@bailiff/ip';
import { Database, type Host } from '@bailiff/persistence';
import { Injectable } from '@nestjs/common';
import { AgentCommands } from '../channel/agent-commands.js';
import { CommandFailedError } from '../channel/command-failure.js';
import { checkedAnswer } from '../jails/agent-answer.js';

/** A page waits for no host longer than this, milliseconds. */
const ASK_MS = 8_000;
/** Hosts asked at the same time. */
const AT_ONCE = 32;

interface HostAnswer {
  readonly jails: readonly IgnoringJail[];
  readonly unresolved: number;
  readonly silent: SilentHost | undefined;
}

/** Which jails of which hosts never count an address. Asked of the hosts now: nobody tells when such a list changes. */
@Injectable()
export class AddressIgnoresService {
  constructor(
    private readonly database: Database,
    private readonly commands: AgentCommands,
  ) {}

  /** @param text an address or network, however written */
  async find(text: string): Promise<AddressIgnores> {
    const address = parseNetwork(text);
    const hosts = await this.database.read.hosts.listUsable();
    const answers: HostAnswer[] = [];
    for (let from = 0; from < hosts.length; from += AT_ONCE)
      answers.push(...(await Promise.all(hosts.slice(from, from + AT_ONCE).map((host) => this.ask(host, address)))));
    return {
      address,
      jails: answers.flatMap(({ jails }) => jails),
      answered: answers.filter(({ silent }) => silent === undefined).length,
      silent: answers.flatMap(({ silent }) => silent ?? []),
      unresolved: answers.reduce((sum, { unresolved }) => sum + unresolved, 0),
    };
  }

  private async ask({ id: hostId, name: hostName }: Host, address: IpNetwork): Promise<HostAnswer> {
    try {
      const found = await this.commands.command(hostId, 'ignore.find', { address }, ASK_MS);
      const { matches, unresolved } = checkedAnswer(hostId, IgnoreFindAnswer, found);
      return { jails: matches.map((match) => ({ hostId, hostName, ...match })), unresolved, silent: undefined };
    } catch (error) {
      if (!(error instanceof CommandFailedError)) throw error;
      return { jails: [], unresolved: 0, silent: { hostId, hostName, code: error.code } };
    }
  }
}
