import { randomUUID } from 'node:crypto';
import type { SnapshotBan, SnapshotEvent } from '@bailiff/contracts/agent';
import { type BanWithTime, type Fail2banClient, isWatchedJailName, UnknownJailError } from '@bailiff/fail2ban-protocol';
import { BanDatabase, type LatestBan } from '../history-feed/ban-database.js';
import { shownAddress, shownJail } from '../history-feed/ban-row.js';
import type { HistoryFeed } from '../history-feed/history-feed.js';
import type { OriginMarks } from '../state/origin-marks.js';

/** One ban as fail2ban's socket says, with its own text. */
export interface ListedBan {
  readonly jail: string;
  readonly address: string;
  readonly bannedAtMs: number;
  readonly expiresAtMs: number | null;
  readonly banCount: number;
}

/** Everything banned on the host at one moment. */
export interface Snapshot {
  readonly atMs: number;
  readonly bans: readonly ListedBan[];
}

const CHUNK_BANS = 1_000;
const CHUNK_BYTES = 180 * 1024;
/** Two notions of one moment differ by whole half hours when zones or clock changes are in play. */
const HALF_HOUR_S = 1_800;

/** Asks fail2ban for everything it bans. Expensive for it with many bans, so only now and then. */
export class SnapshotTaker {
  constructor(
    private readonly client: Fail2banClient,
    private readonly feed: HistoryFeed,
    private readonly marks: OriginMarks,
  ) {}

  /** @throws an error of the protocol library when fail2ban does not answer */
  async take(): Promise<Snapshot> {
    const atMs = Date.now();
    const { jails } = await this.client.server.status();
    const lists: { jail: string; bans: BanWithTime[] }[] = [];
    for (const jail of jails.filter(isWatchedJailName)) {
      try {
        lists.push({ jail, bans: await this.client.watch(jail).bansWithTimes({ priority: 'bulk' }) });
      } catch (error) {
        // It went away meanwhile, and its bans with it.
        if (!(error instanceof UnknownJailError)) throw error;
      }
    }
    const wanted = new Set(lists.flatMap(({ jail, bans }) => bans.map(({ id }) => `${jail}\0${id}`)));
    const latest = await this.#latest(wanted);
    const bans = lists.flatMap(({ jail, bans: list }) =>
      list.map((ban) => this.#listed(jail, ban, latest.get(`${jail}\0${ban.id}`), atMs)),
    );
    return { atMs, bans };
  }

  /** A snapshot as the events that carry it; at least one. */
  toEvents({ atMs, bans }: Snapshot): SnapshotEvent[] {
    const chunks: SnapshotBan[][] = [[]];
    let bytes = 0;
    for (const ban of bans) {
      const address = shownAddress(ban.address);
      const jail = shownJail(ban.jail);
      if (address === undefined || jail === undefined) continue;
      const { bannedAtMs, banCount } = ban;
      const wished = this.marks.wishedEnd(ban.jail, ban.address);
      const expiresAtMs = wished === undefined ? ban.expiresAtMs : wished;
      const origin = this.marks.originOf(ban.jail, ban.address, bannedAtMs);
      const shown: SnapshotBan = { jail, address, bannedAtMs, expiresAtMs, banCount, origin };
      bytes += Buffer.byteLength(JSON.stringify(shown)) + 1;
      if ((chunks.at(-1)?.length ?? 0) >= CHUNK_BANS || bytes > CHUNK_BYTES) {
        chunks.push([]);
        bytes = 0;
      }
      chunks.at(-1)?.push(shown);
    }
    const id = randomUUID();
    return chunks.map((chunk, index) => ({ id, atMs, index, count: chunks.length, bans: chunk }));
  }

  #listed(jail: string, ban: BanWithTime, latest: LatestBan | undefined, nowMs: number): ListedBan {
    const localMs = this.feed.clock.readElsewhere(ban.bannedAtLocal) ?? nowMs;
    const atSeconds =
      latest !== undefined && isSameMoment(localMs / 1000, latest.atSeconds) ? latest.atSeconds : undefined;
    const bannedAtMs = atSeconds === undefined ? localMs : atSeconds * 1000;
    return {
      jail,
      address: ban.id,
      bannedAtMs,
      expiresAtMs: ban.durationSeconds < 0 ? null : bannedAtMs + ban.durationSeconds * 1000,
      banCount: latest?.banCount ?? 1,
    };
  }

  /** fail2ban's own notes on the latest ban of each address; none when there is no database to read. */
  async #latest(wanted: ReadonlySet<string>): Promise<Map<string, LatestBan>> {
    const found = new Map<string, LatestBan>();
    const path = this.feed.sources.databasePath;
    if (path === undefined || wanted.size === 0) return found;
    const database = new BanDatabase(path);
    try {
      for await (const bans of database.latestBans()) {
        for (const ban of bans) {
          const key = `${ban.jail}\0${ban.address}`;
          if (wanted.has(key)) found.set(key, ban);
        }
      }
    } catch {
      // Locked or gone at the moment: exact times and counts come with the next snapshot.
    } finally {
      database.close();
    }
    return found;
  }
}

function isSameMoment(localSeconds: number, storedSeconds: number): boolean {
  const difference = Math.abs(localSeconds - storedSeconds);
  const rest = difference % HALF_HOUR_S;
  return difference < 28 * 3_600 && (rest <= 1 || rest >= HALF_HOUR_S - 1);
}
