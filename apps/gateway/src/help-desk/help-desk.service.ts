import type {
  BanOutcome,
  BanResult,
  HelpDeskAnswer,
  HelpDeskBan,
  HelpDeskUnbanRequest,
  UnbanRequest,
} from '@bailiff/contracts/http';
import { type IpAddress, parseAddress } from '@bailiff/ip';
import { type ActiveBan, type BanEvent, Database } from '@bailiff/persistence';
import { Injectable } from '@nestjs/common';
import { AddressLists } from '../addresses/address-lists.js';
import { AddressOrigins } from '../addresses/address-origins.js';
import type { Actor } from '../auth/actor.js';
import { BansService } from '../bans/bans.service.js';
import { CommandFailedError } from '../channel/command-failure.js';
import { Presence } from '../channel/presence.js';
import { originOf } from '../history/history-entry.js';
import { HostNames } from '../hosts/host-names.js';
import { timeOrNull } from '../hosts/host-info.js';
import { NotBannedError } from './help-desk.errors.js';

const MAX_BANS = 500;
/** Events looked through for the ban that is in force and shown as history. */
const MAX_EVENTS = 100;
const SHOWN_EVENTS = 10;

/** What the help desk sees and does: one address at a time, and every act with a reason. */
@Injectable()
export class HelpDeskService {
  constructor(
    private readonly database: Database,
    private readonly hostNames: HostNames,
    private readonly presence: Presence,
    private readonly lists: AddressLists,
    private readonly origins: AddressOrigins,
    private readonly bans: BansService,
  ) {}

  /** @param text one address, however written */
  async explain(actor: Actor, text: string): Promise<HelpDeskAnswer> {
    const address = parseAddress(text);
    const { addresses } = this.database.read;
    const [names, { country }, active, { items }, lists] = await Promise.all([
      this.hostNames.load(),
      this.origins.of(address),
      addresses.activeBans(address, MAX_BANS),
      addresses.events(address, { limit: MAX_EVENTS }),
      this.lists.touching(address, actor),
    ]);
    const nameOf = (hostId: string) => names.get(hostId) ?? hostId;
    return {
      address,
      country,
      bans: active.map((ban) => this.toBan(ban, address, items, nameOf(ban.hostId))),
      events: items.slice(0, SHOWN_EVENTS).map(({ kind, hostId, jail, atMs }) => ({
        kind,
        hostName: nameOf(hostId),
        jail,
        at: new Date(atMs).toISOString(),
      })),
      // Where others are signed in is none of the help desk's business.
      lists: lists.filter(({ kind }) => kind === 'allowed' || kind === 'protected'),
    };
  }

  /**
   * Lifts the bans of one address, everywhere or in some places; never a network's, which others are kept out by as well.
   * @throws {NotBannedError} when there is no such ban
   * @throws {CommandFailedError} when no host carried it out
   */
  async unban(actor: Actor, { address: text, places, reason }: HelpDeskUnbanRequest): Promise<BanResult> {
    const address = parseAddress(text);
    const active = await this.database.read.addresses.activeBans(address, MAX_BANS);
    const own = active.filter((ban) => ban.address === address);
    const isMeant = ({ hostId, jail }: ActiveBan) =>
      places === undefined || places.some((place) => place.hostId === hostId && place.jail === jail);
    const meant = own.filter(isMeant);
    if (meant.length === 0) throw new NotBannedError(address, own.length === 0 ? (active[0]?.address ?? null) : null);
    const byHost = Map.groupBy(meant, ({ hostId }) => hostId);
    const requests = [...byHost].map(([hostId, bans]) => ({
      hostIds: [hostId],
      jails: [...new Set(bans.map(({ jail }) => jail))],
      addresses: [address],
      reason: reason.trim(),
    }));
    return addUp(await Promise.all(requests.map((request) => this.onHost(actor, request))));
  }

  private async onHost(actor: Actor, request: UnbanRequest): Promise<BanResult | CommandFailedError> {
    try {
      return await this.bans.unban(actor, request);
    } catch (error) {
      if (error instanceof CommandFailedError) return error;
      throw error;
    }
  }

  private toBan(ban: ActiveBan, address: IpAddress, events: readonly BanEvent[], hostName: string): HelpDeskBan {
    const cause = events.find(
      ({ kind, hostId, jail, address: banned }) =>
        kind === 'ban' && hostId === ban.hostId && jail === ban.jail && banned === ban.address,
    );
    return {
      hostId: ban.hostId,
      hostName,
      isOnline: this.presence.isOnline(ban.hostId),
      jail: ban.jail,
      network: ban.address === address ? null : ban.address,
      since: new Date(ban.bannedAtMs).toISOString(),
      until: timeOrNull(ban.expiresAtMs),
      failures: cause?.failures ?? null,
      banCount: ban.banCount,
      origin: originOf(ban.origin),
      service: cause?.service ?? null,
      matches: cause?.matches ?? [],
    };
  }
}

/** One answer out of those of several hosts. @throws {CommandFailedError} when none of them carried it out */
function addUp(answers: readonly (BanResult | CommandFailedError)[]): BanResult {
  const [first] = answers;
  if (first instanceof CommandFailedError && answers.every((answer) => answer instanceof CommandFailedError))
    throw first;
  const results = answers.map((answer) => (answer instanceof CommandFailedError ? failedResult(answer) : answer));
  const sum = (count: (result: BanResult) => number) => results.reduce((total, result) => total + count(result), 0);
  return {
    outcomes: results.flatMap(({ outcomes }) => outcomes),
    changed: sum(({ changed }) => changed),
    unchanged: sum(({ unchanged }) => unchanged),
    failed: sum(({ failed }) => failed),
  };
}

function failedResult({ hostId, code, detail, isOutcomeUnknown }: CommandFailedError): BanResult {
  const result = isOutcomeUnknown ? 'unknown' : 'failed';
  const outcome: BanOutcome = { hostId, jail: null, address: null, result, code, detail };
  return { outcomes: [outcome], changed: 0, unchanged: 0, failed: 1 };
}
