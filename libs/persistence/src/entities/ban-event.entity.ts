import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';
import { BigintColumn, JsonColumn, SortedTextColumn } from '../columns.js';

export type BanEventKind = 'ban' | 'unban';

/**
 * The archive: every ban and unban, once. The unique key makes at-least-once delivery exactly-once; it begins with host and
 * time so that new rows land at its end and a host's pages read it in order. Each other index serves one filter newest first.
 */
@Entity('ban_event')
@Index('UX_ban_event_natural', ['hostId', 'atMs', 'jail', 'address', 'kind'], { unique: true })
@Index('IX_ban_event_at_ms', ['atMs', 'id'])
@Index('IX_ban_event_jail', ['jail', 'atMs', 'id'])
@Index('IX_ban_event_country', ['country', 'atMs', 'id'])
@Index('IX_ban_event_origin', ['origin', 'atMs', 'id'], { where: "origin <> 'selfblock'" })
@Index('IX_ban_event_asn', ['asn', 'atMs', 'id'])
@Index('IX_ban_event_address_sort', ['addressSort', 'atMs', 'id'])
export class BanEvent {
  /** Grows with every stored row: the live feed's position. */
  @PrimaryGeneratedColumn() id: number;
  @Column('text') hostId: string;
  @Column('text') kind: BanEventKind;
  @SortedTextColumn() jail: string;
  /** Canonical address or network; fail2ban's ban id as it is when it is neither. */
  @SortedTextColumn() address: string;
  /** Sorts as addresses do; see `addressSortKey`. */
  @SortedTextColumn() addressSort: string;
  @BigintColumn() atMs: number;
  /** Seconds, −1 permanent, null unknown. */
  @BigintColumn({ nullable: true }) bantimeSeconds: number | null;
  @BigintColumn({ nullable: true }) banCount: number | null;
  @BigintColumn({ nullable: true }) failures: number | null;
  /** `selfblock`, `manual`, `blocklist` or `fleet`. */
  @Column('text') origin: string;
  /** ISO 3166-1 alpha-2. */
  @Column('text', { nullable: true }) country: string | null;
  /** Number of the autonomous system. */
  @BigintColumn({ nullable: true }) asn: number | null;
  /** Log lines that made the ban; untrusted text. */
  @JsonColumn({ nullable: true }) matches: string[] | null;
  /** What the gateway read in `matches`, untrusted text: daemon that wrote them, URL asked for, site by public suffix. */
  @Column('text', { nullable: true }) service: string | null;
  @Column('text', { nullable: true }) requestUrl: string | null;
  @Column('text', { nullable: true }) targetDomain: string | null;
  @Column('text', { nullable: true }) targetSubdomain: string | null;
}
