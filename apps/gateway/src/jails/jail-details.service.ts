import { JailGetAnswer, JailLogAnswer } from '@bailiff/contracts/agent';
import type { JailDetail, JailLogLine, JailLogQuery, JailLogTail } from '@bailiff/contracts/http';
import { isAddress, tryParseNetwork } from '@bailiff/ip';
import { Database } from '@bailiff/persistence';
import { Injectable } from '@nestjs/common';
import { AgentCommands } from '../channel/agent-commands.js';
import { usableHost } from '../hosts/usable-host.js';
import { checkedAnswer } from './agent-answer.js';

const DEFAULT_LINES = 200;
/** What may be an address inside a line: no pattern of addresses, only what could be one; `@bailiff/ip` decides. */
const CANDIDATE = /[0-9A-Fa-f:.]{3,45}/g;
/** Different addresses of one answer that are looked up. */
const MAX_LOOKED_UP = 400;

/** One jail in full, asked of its host now. */
@Injectable()
export class JailDetailsService {
  constructor(
    private readonly database: Database,
    private readonly commands: AgentCommands,
  ) {}

  /** @throws {UnknownHostError} {@link RevokedHostError} {@link CommandFailedError} */
  async get(hostId: string, jail: string): Promise<JailDetail> {
    const host = await usableHost(this.database, hostId);
    const answer = checkedAnswer(hostId, JailGetAnswer, await this.commands.command(hostId, 'jails.get', { jail }));
    return { hostId, hostName: host.name, ...answer };
  }

  /** @throws {UnknownHostError} {@link RevokedHostError} {@link CommandFailedError} */
  async log(hostId: string, jail: string, { file, lines = DEFAULT_LINES, q }: JailLogQuery): Promise<JailLogTail> {
    await usableHost(this.database, hostId);
    const args = { jail, lines, ...(file === undefined ? {} : { file }), ...(q === undefined ? {} : { q }) };
    const answer = checkedAnswer(hostId, JailLogAnswer, await this.commands.command(hostId, 'jails.log', args));
    return { ...answer, lines: await this.markBanned(hostId, jail, answer.lines) };
  }

  /** Names the address in each line that the jail bans now. */
  private async markBanned(hostId: string, jail: string, lines: readonly string[]): Promise<JailLogLine[]> {
    const found = lines.map((line) => addressesIn(line));
    const asked = [...new Set(found.flat())].slice(-MAX_LOOKED_UP);
    const bans = asked.length === 0 ? [] : await this.database.read.activeBans.findByAddresses(hostId, asked);
    const banned = new Set(bans.filter((ban) => ban.jail === jail).map(({ address }) => address));
    return lines.map((text, index) => ({ text, banned: found[index]?.find((one) => banned.has(one)) ?? null }));
  }
}

function addressesIn(line: string): string[] {
  const found = (line.match(CANDIDATE) ?? []).flatMap((text) => {
    if (!/[.:]/.test(text)) return [];
    const network = tryParseNetwork(text.replace(/^[.:]+(?!:)|[.:]+$/g, ''));
    return network !== undefined && isAddress(network) ? [network] : [];
  });
  return [...new Set<string>(found)].slice(0, 10);
}
