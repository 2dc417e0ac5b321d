import { type EntityManager, In, LessThan, Not } from 'typeorm';
import { ActiveBan, Host, HostAlarm, HostJail, SnapshotBan } from '../entities/index.js';
import { fetchPage, type PageRequest, type PageResult, type SortField } from '../paging/keyset.js';
import { storableText } from '../sql/dialect.js';

/** What a host's own page may change. */
export type HostChange = Partial<Pick<Host, 'name' | 'tags' | 'state' | 'isLocal' | 'redisPasswordSha256'>>;

/** A refused or missing message of a host. */
export interface HostAlarmRecord {
  readonly hostId: string;
  readonly atMs: number;
  readonly code: string;
  readonly detail: string;
}

const ALARM_ID: SortField<HostAlarm> = { property: 'id', type: 'number', value: ({ id }) => id };

/** Hosts and what their channel reported wrong. */
export class HostRepository {
  constructor(private readonly manager: EntityManager) {}

  /** @throws the driver's unique violation when the id is taken */
  async insert(host: Host): Promise<void> {
    await this.manager.insert(Host, host);
  }

  find(id: string): Promise<Host | null> {
    return this.manager.findOneBy(Host, { id });
  }

  /** All hosts, revoked ones too, by name. */
  list(): Promise<Host[]> {
    return this.manager.find(Host, { order: { name: 'ASC', id: 'ASC' } });
  }

  /** Hosts whose messages count: pending and active. */
  listUsable(): Promise<Host[]> {
    return this.manager.find(Host, { where: { state: Not('revoked') }, order: { name: 'ASC', id: 'ASC' } });
  }

  listByIds(ids: readonly string[]): Promise<Host[]> {
    return this.manager.findBy(Host, { id: In([...ids]) });
  }

  /** Whether there is such a host. */
  async update(id: string, change: HostChange): Promise<boolean> {
    return ((await this.manager.update(Host, { id }, change)).affected ?? 0) > 0;
  }

  async touch(id: string, seenAtMs: number): Promise<void> {
    await this.manager.update(Host, { id }, { lastSeenAtMs: seenAtMs });
  }

  /** Drops what is true of a host only while it reports: jails, current bans, status. The archive of its bans stays. */
  async forgetCurrent(id: string): Promise<void> {
    for (const entity of [HostJail, ActiveBan, SnapshotBan]) await this.manager.delete(entity, { hostId: id });
    await this.manager.update(Host, { id }, { status: null, statusAtMs: null, snapshotId: null, snapshotNextIndex: 0 });
  }

  /** Removes a host with its jails, current bans and alarms. The archive of its bans stays. Whether there was one. */
  async delete(id: string): Promise<boolean> {
    return ((await this.manager.delete(Host, { id })).affected ?? 0) > 0;
  }

  /** Records an alarm and counts it on its host. */
  async addAlarm(alarm: HostAlarmRecord): Promise<void> {
    await this.manager.insert(HostAlarm, { ...alarm, detail: storableText(alarm.detail).slice(0, 1000) });
    await this.manager.increment(Host, { id: alarm.hostId }, 'alarmCount', 1);
  }

  /**
   * Deletes old alarms, and all but the newest of each host; their count on the host stays. How many went.
   * @param keepPerHost rows that a host may have at most
   */
  async purgeAlarms(beforeMs: number, keepPerHost: number): Promise<number> {
    const old = await this.manager.delete(HostAlarm, { atMs: LessThan(beforeMs) });
    const ranked = this.manager
      .createQueryBuilder(HostAlarm, 'a')
      .select('a.id', 'id')
      .addSelect('ROW_NUMBER() OVER (PARTITION BY a.host_id ORDER BY a.id DESC)', 'rank');
    const excess = await this.manager
      .createQueryBuilder()
      .delete()
      .from(HostAlarm)
      .where(`id IN (SELECT r.id FROM (${ranked.getQuery()}) r WHERE r.rank > :keepPerHost)`, { keepPerHost })
      .execute();
    return (old.affected ?? 0) + (excess.affected ?? 0);
  }

  /** Newest first. */
  alarms(hostId: string, page: PageRequest): Promise<PageResult<HostAlarm>> {
    const query = this.manager.createQueryBuilder(HostAlarm, 'a').where('a.hostId = :hostId', { hostId });
    return fetchPage(query, page, { fields: { id: ALARM_ID }, defaultSort: '-id', id: ALARM_ID });
  }
}
