import { ActiveBan } from './active-ban.entity.js';
import { AddressLookup } from './address-lookup.entity.js';
import { AllowEntry } from './allow-entry.entity.js';
import { AllowHost } from './allow-host.entity.js';
import { ApiToken } from './api-token.entity.js';
import { AsName } from './as-name.entity.js';
import { ArchivePurge } from './archive-purge.entity.js';
import { ArchiveWatermark } from './archive-watermark.entity.js';
import { AuditEntry } from './audit-entry.entity.js';
import { AuditPending } from './audit-pending.entity.js';
import { BannedCount } from './banned-count.entity.js';
import { BanNote } from './ban-note.entity.js';
import { BanEvent } from './ban-event.entity.js';
import { BanRollup } from './ban-rollup.entity.js';
import { DayHours } from './day-hours.entity.js';
import { BulkChunk } from './bulk-chunk.entity.js';
import { BulkFailure } from './bulk-failure.entity.js';
import { BulkJob } from './bulk-job.entity.js';
import { BulkPart } from './bulk-part.entity.js';
import { EnrolmentToken } from './enrolment-token.entity.js';
import { FailureCount } from './failure-count.entity.js';
import { GeoAddress } from './geo-address.entity.js';
import { HostAlarm } from './host-alarm.entity.js';
import { HostJail } from './host-jail.entity.js';
import { Host } from './host.entity.js';
import { GatewayInstance } from './gateway-instance.entity.js';
import { OffenderJail } from './offender-jail.entity.js';
import { Offender } from './offender.entity.js';
import { Session } from './session.entity.js';
import { Setting } from './setting.entity.js';
import { SnapshotBan } from './snapshot-ban.entity.js';

/** Every table, parents before children: also the order in which rows are copied to another database. */
export const ENTITIES = [
  Setting,
  Session,
  ApiToken,
  AuditEntry,
  AuditPending,
  GatewayInstance,
  Host,
  HostAlarm,
  EnrolmentToken,
  HostJail,
  BanEvent,
  ActiveBan,
  SnapshotBan,
  FailureCount,
  BannedCount,
  BanRollup,
  DayHours,
  Offender,
  OffenderJail,
  ArchivePurge,
  ArchiveWatermark,
  GeoAddress,
  AsName,
  AddressLookup,
  AllowEntry,
  AllowHost,
  BanNote,
  BulkJob,
  BulkChunk,
  BulkPart,
  BulkFailure,
] as const;

export type { LookupOutcome } from './address-lookup.entity.js';
export type { PurgeReason, PurgeState } from './archive-purge.entity.js';
export type { AuditEntryResult } from './audit-entry.entity.js';
export type { BanEventKind } from './ban-event.entity.js';
export type { RollupLevel, StoredRollupDimension } from './ban-rollup.entity.js';
export type { BulkJobState } from './bulk-job.entity.js';
export type { HourlyDimension } from './day-hours.entity.js';
export type { BulkPartState } from './bulk-part.entity.js';
export type { StoredHostState } from './host.entity.js';
export {
  AllowEntry,
  AllowHost,
  BanNote,
  ActiveBan,
  AddressLookup,
  ApiToken,
  AuditPending,
  GatewayInstance,
  ArchivePurge,
  ArchiveWatermark,
  AsName,
  AuditEntry,
  BanEvent,
  BannedCount,
  BanRollup,
  BulkChunk,
  BulkFailure,
  BulkJob,
  BulkPart,
  DayHours,
  EnrolmentToken,
  FailureCount,
  GeoAddress,
  Host,
  HostAlarm,
  HostJail,
  Offender,
  OffenderJail,
  Session,
  Setting,
  SnapshotBan,
};
