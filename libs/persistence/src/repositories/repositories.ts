import type { EntityManager } from 'typeorm';
import { IngestRepository } from '../ingest/ingest.repository.js';
import { ArchivePurgeRepository } from '../archive/archive-purge.repository.js';
import { OffenderRepository } from '../offenders/offender.repository.js';
import { RollupRepository } from '../rollup/rollup.repository.js';
import { ActiveBanRepository } from './active-ban.repository.js';
import { AddressLookupRepository } from './address-lookup.repository.js';
import { AddressReportRepository } from './address-report.repository.js';
import { AllowRepository } from './allow.repository.js';
import { CampaignRepository } from './campaign.repository.js';
import { BannedCountRepository } from './banned-count.repository.js';
import { BanNoteRepository } from './ban-note.repository.js';
import { ApiTokenRepository } from './api-token.repository.js';
import { AuditRepository } from './audit.repository.js';
import { BanEventRepository } from './ban-event.repository.js';
import { BulkJobRepository } from './bulk-job.repository.js';
import { CountRepository } from './count.repository.js';
import { EnrolmentTokenRepository } from './enrolment-token.repository.js';
import { GatewayInstanceRepository } from './gateway-instance.repository.js';
import { GeoRepository } from './geo.repository.js';
import { HostJailRepository } from './host-jail.repository.js';
import { HostRepository } from './host.repository.js';
import { SessionRepository } from './session.repository.js';
import { SettingRepository } from './setting.repository.js';

/** Every repository over one EntityManager: inside a transaction all of them are part of it. */
export class Repositories {
  readonly settings: SettingRepository;
  readonly sessions: SessionRepository;
  readonly apiTokens: ApiTokenRepository;
  readonly audit: AuditRepository;
  readonly hosts: HostRepository;
  readonly enrolmentTokens: EnrolmentTokenRepository;
  readonly jails: HostJailRepository;
  readonly banEvents: BanEventRepository;
  readonly activeBans: ActiveBanRepository;
  readonly counts: CountRepository;
  readonly bannedCounts: BannedCountRepository;
  readonly offenders: OffenderRepository;
  readonly archivePurge: ArchivePurgeRepository;
  readonly rollups: RollupRepository;
  readonly bulk: BulkJobRepository;
  readonly gateways: GatewayInstanceRepository;
  readonly geo: GeoRepository;
  readonly addresses: AddressReportRepository;
  readonly lookups: AddressLookupRepository;
  readonly allow: AllowRepository;
  readonly banNotes: BanNoteRepository;
  readonly campaigns: CampaignRepository;
  readonly ingest: IngestRepository;

  constructor(readonly manager: EntityManager) {
    this.settings = new SettingRepository(manager);
    this.sessions = new SessionRepository(manager);
    this.apiTokens = new ApiTokenRepository(manager);
    this.audit = new AuditRepository(manager);
    this.hosts = new HostRepository(manager);
    this.enrolmentTokens = new EnrolmentTokenRepository(manager);
    this.jails = new HostJailRepository(manager);
    this.banEvents = new BanEventRepository(manager);
    this.activeBans = new ActiveBanRepository(manager);
    this.counts = new CountRepository(manager);
    this.bannedCounts = new BannedCountRepository(manager);
    this.offenders = new OffenderRepository(manager);
    this.archivePurge = new ArchivePurgeRepository(manager);
    this.rollups = new RollupRepository(manager);
    this.bulk = new BulkJobRepository(manager);
    this.gateways = new GatewayInstanceRepository(manager);
    this.geo = new GeoRepository(manager);
    this.addresses = new AddressReportRepository(manager);
    this.lookups = new AddressLookupRepository(manager);
    this.allow = new AllowRepository(manager);
    this.campaigns = new CampaignRepository(manager);
    this.banNotes = new BanNoteRepository(manager);
    this.ingest = new IngestRepository(manager);
  }
}
