import type { HistoryEntry, HistoryExportQuery, HistoryQuery, Page } from '@bailiff/contracts/http';
import { type BanEventFilter, Database } from '@bailiff/persistence';
import { Injectable } from '@nestjs/common';
import { NetworkInfo } from '../geo/network-info.js';
import { HostNames } from '../hosts/host-names.js';
import { hostScope } from '../hosts/host-scope.js';
import { csvLine } from './csv.js';
import { toHistoryEntry } from './history-entry.js';

/** Rows a piece: SQLite holds the event loop while it reads one. */
const EXPORT_PAGE = 250;

const CSV_HEADER = [
  'time',
  'host',
  'hostId',
  'kind',
  'jail',
  'address',
  'bantimeSeconds',
  'banCount',
  'failures',
  'origin',
  'country',
  'asn',
  'matches',
  'service',
  'requestUrl',
  'targetDomain',
  'targetSubdomain',
];

/** The archive of bans and unbans. */
@Injectable()
export class HistoryService {
  constructor(
    private readonly database: Database,
    private readonly hostNames: HostNames,
    private readonly networks: NetworkInfo,
  ) {}

  async page(query: HistoryQuery): Promise<Page<HistoryEntry>> {
    const { banEvents } = this.database.read;
    const filter = filterOf(query);
    const [names, { items, nextCursor }, total] = await Promise.all([
      this.hostNames.load(),
      banEvents.page(filter, query),
      banEvents.total(filter),
    ]);
    const asNames = await this.networks.asNames(items.flatMap(({ asn }) => asn ?? []));
    return {
      items: items.map((event) =>
        toHistoryEntry(event, names.get(event.hostId) ?? event.hostId, asNames.get(event.asn ?? 0)),
      ),
      nextCursor,
      total,
    };
  }

  /**
   * The filtered set as text, piece by piece, so that neither memory nor the event loop sees the size of the archive.
   * Rows stored after the start are left out of descending orders by the position each page starts from.
   */
  async *export(query: HistoryExportQuery): AsyncGenerator<string> {
    const names = await this.hostNames.load();
    const filter = filterOf(query);
    const line = query.format === 'csv' ? csvOf : jsonOf;
    if (query.format === 'csv') yield csvLine(CSV_HEADER);
    for (let cursor: string | null | undefined = query.cursor; cursor !== null;) {
      const page = await this.database.read.banEvents.page(filter, { cursor, limit: EXPORT_PAGE, sort: query.sort });
      yield page.items.map((event) => line(toHistoryEntry(event, names.get(event.hostId) ?? event.hostId))).join('');
      cursor = page.nextCursor;
      // SQLite answers synchronously: let others have their turn between pages.
      await new Promise(setImmediate);
    }
  }
}

function filterOf(query: HistoryQuery): BanEventFilter {
  const { hosts, kind, jail, q, country, asn, origin, from, to } = query;
  const fromMs = from === undefined ? undefined : Date.parse(from);
  const toMs = to === undefined ? undefined : Date.parse(to);
  return { hostIds: hostScope(hosts), kind, jail, q, country, asn, origins: origin?.split(','), fromMs, toMs };
}

const jsonOf = (entry: HistoryEntry) => `${JSON.stringify(entry)}\n`;

const csvOf = (entry: HistoryEntry) =>
  csvLine([
    entry.at,
    entry.hostName,
    entry.hostId,
    entry.kind,
    entry.jail,
    entry.address,
    entry.bantimeSeconds,
    entry.banCount,
    entry.failures,
    entry.origin,
    entry.country,
    entry.asn,
    entry.matches.join('\n'),
    entry.service,
    entry.requestUrl,
    entry.targetDomain,
    entry.targetSubdomain,
  ]);
