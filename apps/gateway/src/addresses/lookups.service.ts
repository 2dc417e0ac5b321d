import {
  LOOKUP_KINDS,
  type LookupInfo,
  type LookupKind,
  type LookupRequest,
  type LookupSettings,
  type LookupSettingsPatch,
} from '@bailiff/contracts/http';
import { isAddress, isPrivateOrReserved, type IpNetwork, parseNetwork } from '@bailiff/ip';
import { type AddressLookup, Database } from '@bailiff/persistence';
import { Injectable, Logger } from '@nestjs/common';
import { Cron, CronExpression } from '@nestjs/schedule';
import type { Actor } from '../auth/actor.js';
import { TooManyAttemptsError } from '../auth/auth.errors.js';
import { createId } from '../auth/secrets.js';
import { LiveFeed } from '../live/live-feed.js';
import { readLookupAnswer, readLookupDescription } from './lookup-answer.js';
import { LookupQueue } from './lookup-queue.js';
import { LookupChoices } from './lookup-settings.js';
import { AWAITED_MS, hindrance, isAwaited, isStale, toLookupInfo } from './lookup-state.js';

/** Questions that may wait for an answer at once, over all addresses. */
const MAX_AWAITED = 200;
/** A good answer is not asked for anew more often than this, whoever wants it. */
const REFRESH_EVERY_MS = 30_000;
/** Answers that nobody wanted for this long are forgotten, milliseconds. */
const UNUSED_MS = 90 * 86_400_000;

/** What others know about an address: asked through the worker, kept in the database. Requests never wait for an answer. */
@Injectable()
export class LookupsService {
  private readonly logger = new Logger(LookupsService.name);
  private keys: Pick<LookupSettings, 'abuseipdbKey' | 'otxKey'> = { abuseipdbKey: null, otxKey: null };

  constructor(
    private readonly database: Database,
    private readonly queue: LookupQueue,
    private readonly choices: LookupChoices,
    private readonly feed: LiveFeed,
  ) {
    queue.listen({
      answered: (value) => this.take(value),
      brokeDown: (question) => this.takeBreakdown(question),
    });
  }

  /** What is asked, and which keys the worker holds. */
  async settings(): Promise<LookupSettings> {
    this.queue.describe();
    return { ...(await this.choices.wanted()), ...this.keys };
  }

  async changeSettings(actor: Actor, patch: LookupSettingsPatch): Promise<LookupSettings> {
    await this.choices.change(actor, patch);
    await this.withdrawOff();
    return this.settings();
  }

  /** What is known. @param text an address or network, however written */
  async known(text: string): Promise<LookupInfo[]> {
    const network = parseNetwork(text);
    const [settings, rows] = await Promise.all([this.settings(), this.database.read.lookups.list(network)]);
    return describe(network, settings, rows);
  }

  /**
   * Asks for what is not known or too old (with `refresh`: for all of it), and answers with what is known by now.
   * @throws {TooManyAttemptsError} when too many answers are awaited already
   */
  async ask({ address, kinds, refresh = false }: LookupRequest): Promise<LookupInfo[]> {
    const network = parseNetwork(address);
    const now = Date.now();
    const [settings, rows] = await Promise.all([this.settings(), this.database.read.lookups.list(network)]);
    const wanted = kindsFor(network).filter((kind) => {
      if (!kinds.includes(kind) || hindrance(kind, settings, isPrivateOrReserved(network)) !== undefined) return false;
      const row = rows.find((candidate) => candidate.kind === kind);
      if (row === undefined) return true;
      if (isAwaited(row, now)) return false;
      return isStale(row, now) || (refresh && now - row.askedAtMs >= REFRESH_EVERY_MS);
    });
    if (wanted.length > 0) {
      const awaited = await this.database.read.lookups.countPending(now - AWAITED_MS);
      if (awaited + wanted.length > MAX_AWAITED) throw new TooManyAttemptsError(AWAITED_MS);
    }
    for (const kind of wanted) await this.askOne(network, kind, now);
    return this.known(network);
  }

  @Cron(CronExpression.EVERY_DAY_AT_4AM)
  async purge(): Promise<void> {
    try {
      const purged = await this.database.withTransaction(({ lookups }) => lookups.purge(Date.now() - UNUSED_MS));
      if (purged > 0) this.logger.log({ purged }, 'unused look-ups forgotten');
    } catch (error) {
      this.logger.warn({ err: error }, 'unused look-ups not purged');
    }
  }

  /** What has just been switched off and waits for a worker is not asked any more. */
  private async withdrawOff(): Promise<void> {
    const { rdap, reverseDns } = await this.choices.wanted();
    const kinds = [...(rdap ? [] : (['rdap'] as const)), ...(reverseDns ? [] : (['reverse-dns'] as const))];
    try {
      if (kinds.length > 0) await this.queue.withdraw(kinds);
    } catch (error) {
      // They expire by themselves.
      this.logger.warn({ err: error }, 'waiting look-ups not taken back');
    }
  }

  private async askOne(address: IpNetwork, kind: LookupKind, nowMs: number): Promise<void> {
    const question = { askId: createId(), address, kind };
    // Written down first: the answer may be faster than we are.
    await this.database.withTransaction(({ lookups }) => lookups.ask(address, kind, question.askId, nowMs));
    try {
      await this.queue.ask(question);
    } catch (error) {
      this.logger.warn({ err: error }, 'look-up not asked');
      await this.fail(question, 'lookup/no-worker');
    }
  }

  private async fail(question: { askId: string; address: string; kind: LookupKind }, code: string): Promise<void> {
    const answer = { outcome: 'failed', code, detail: null, facts: null } as const;
    await this.database.withTransaction(({ lookups }) => lookups.answer(question, answer, Date.now()));
    this.feed.publish({ type: 'lookup_answered', address: question.address });
  }

  /** Every gateway copy hears every answer; the first one stores it, all tell their pages. */
  private async take(value: unknown): Promise<void> {
    const description = readLookupDescription(value);
    if (description !== undefined) {
      const { abuseipdbKey, otxKey } = description;
      this.keys = { abuseipdbKey, otxKey };
      return;
    }
    const answer = readLookupAnswer(value);
    if (answer === undefined) return;
    const { address, kind, askId, outcome, code, detail, facts } = answer;
    await this.database.withTransaction(({ lookups }) =>
      lookups.answer({ address, kind, askId }, { outcome, code, detail, facts }, Date.now()),
    );
    this.feed.publish({ type: 'lookup_answered', address });
  }

  private async takeBreakdown(question: unknown): Promise<void> {
    const { askId, address, kind } = question as { askId: string; address: string; kind: LookupKind };
    await this.fail({ askId, address, kind }, 'lookup/bad-answer');
  }
}

/** A network has an owner, but neither a name nor a reputation. */
function kindsFor(network: IpNetwork): readonly LookupKind[] {
  return isAddress(network) ? LOOKUP_KINDS : ['rdap'];
}

function describe(network: IpNetwork, settings: LookupSettings, rows: readonly AddressLookup[]): LookupInfo[] {
  const now = Date.now();
  const isReserved = isPrivateOrReserved(network);
  return kindsFor(network).map((kind) => {
    const row = rows.find((candidate) => candidate.kind === kind);
    return toLookupInfo(kind, row, hindrance(kind, settings, isReserved), now);
  });
}
