import type { HistoryEntry } from '@bailiff/contracts/http';
import { requestColumns } from '../history/request-columns';
import type { Messages } from '../messages/messages';
import type { Column } from '../table/column';

/** So that all of them fit into a laptop's width. */
const REQUEST_PX: Readonly<Record<string, number>> = { requestUrl: 130, targetDomain: 100, targetSubdomain: 100 };

/** Columns of the list of bans: when, who, by which jail, asked for what and where, whose ban, on which host. */
export function dashboardColumns({ bans, history }: Messages): readonly Column<HistoryEntry>[] {
  return [
    { id: 'at', label: history.time, sort: 'at', min: 92, grow: 0, priority: 1, card: 'aside' },
    { id: 'address', label: bans.address, sort: 'address', min: 230, grow: 2, priority: 1, card: 'title' },
    {
      id: 'jail',
      label: bans.jail,
      sort: 'jail',
      min: 100,
      grow: 1.2,
      priority: 1,
      card: 'meta',
      text: ({ jail }) => jail,
    },
    ...requestColumns(history, { priority: 2, isSiteOptional: false }).map((column) => ({
      ...column,
      min: REQUEST_PX[column.id] ?? column.min,
    })),
    { id: 'country', label: bans.country, min: 96, grow: 0.6, priority: 2 },
    {
      id: 'host',
      label: bans.host,
      min: 72,
      grow: 0.8,
      priority: 2,
      card: 'meta',
      text: ({ hostName }) => hostName,
    },
    { id: 'origin', label: bans.origin, min: 88, grow: 0, priority: 2, card: 'meta' },
    { id: 'duration', label: history.duration, min: 90, grow: 0, priority: 4 },
    { id: 'failures', label: history.failures, min: 70, grow: 0, priority: 4, end: true },
  ];
}
