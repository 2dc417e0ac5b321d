import 'reflect-metadata';

export { NEVER_MS } from './columns.js';
export { SETUP_STATE_KEY } from './copy-rows.js';
export { BailiffDataSource, type DatabaseLocation, dataSourceOptions } from './data-source.js';
export { Database } from './database.js';
export * from './entities/index.js';
export { DatabaseUnusableError } from './errors/database-unusable.error.js';
export { HostNotUsableError } from './errors/host-not-usable.error.js';
export { InvalidCursorError } from './errors/invalid-cursor.error.js';
export { InvalidSortError } from './errors/invalid-sort.error.js';
export { isUniqueViolation, mapUniqueViolation } from './errors/map-errors.js';
export { SchemaDriftError } from './errors/schema-drift.error.js';
export { UniqueViolationError } from './errors/unique-violation.error.js';
export type {
  IngestBatch,
  IngestHello,
  IngestResult,
  IngestSnapshot,
  IngestStatus,
  IngestStep,
  IngestTicket,
  StoredEvent,
  StoredSession,
} from './ingest/ingest-batch.js';
export { IngestRepository } from './ingest/ingest.repository.js';
export { migrate, schemaDrift } from './migrate.js';
export { type Cursor, decodeCursor, encodeCursor } from './paging/cursor.js';
export { DEFAULT_PAGE_SIZE, fetchPage, type PageRequest, type PageResult } from './paging/keyset.js';
export { type AllowAnswer, AllowRepository } from './repositories/allow.repository.js';
export { BannedCountRepository, type HourCount } from './repositories/banned-count.repository.js';
export { type BanSource, CampaignRepository, type SourcePlace } from './repositories/campaign.repository.js';
export { BanNoteRepository } from './repositories/ban-note.repository.js';
export { type ActiveBanFilter, ActiveBanRepository } from './repositories/active-ban.repository.js';
export { AddressLookupRepository, type LookupAnswer } from './repositories/address-lookup.repository.js';
export {
  AddressReportRepository,
  type BannedNeighbours,
  type BanPlace,
} from './repositories/address-report.repository.js';
export { ApiTokenRepository } from './repositories/api-token.repository.js';
export {
  type AuditCompletion,
  type AuditFilter,
  type AuditIntent,
  AuditRepository,
} from './repositories/audit.repository.js';
export {
  type ArchiveFacts,
  ArchivePurgeRepository,
  PURGE_LEASE_MS,
  type PurgeRequest,
} from './archive/archive-purge.repository.js';
export { type OffenderFilter, OffenderRepository, type OffenderReport } from './offenders/offender.repository.js';
export type { BanEventFilter } from './archive/archive-filter.js';
export { BanEventRepository } from './repositories/ban-event.repository.js';
export { type CountRange, CountRepository, SAMPLE } from './repositories/count.repository.js';
export { type BulkPartChange, BulkJobRepository } from './repositories/bulk-job.repository.js';
export { EnrolmentTokenRepository } from './repositories/enrolment-token.repository.js';
export { GatewayInstanceRepository, type GatewaySign } from './repositories/gateway-instance.repository.js';
export { type GeoAnswer, GeoRepository, type ResolvedAddress } from './repositories/geo.repository.js';
export { HostJailRepository } from './repositories/host-jail.repository.js';
export { type HostAlarmRecord, type HostChange, HostRepository } from './repositories/host.repository.js';
export { Repositories } from './repositories/repositories.js';
export { DAY_MS, dayOf, HOUR_MS, hourOf } from './rollup/calendar.js';
export { type AddressPlace, placeBans } from './rollup/place-bans.js';
export {
  type DayCut,
  type RollupCount,
  type RollupDimension,
  type RollupFilter,
  type RollupPoint,
  RollupRepository,
} from './rollup/rollup.repository.js';
export { SessionRepository } from './repositories/session.repository.js';
export { SettingRepository } from './repositories/setting.repository.js';
export { addressSortKey } from './sql/address-sort.js';
export { type ConnectionTest, describeDatabaseFailure, testDatabase } from './test-connection.js';
