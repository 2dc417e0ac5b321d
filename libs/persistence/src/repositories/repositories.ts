import type { EntityManager } from 'typeorm';
import { IngestRepository } from '../ingest/ingest.repository.js';
import { ActiveBanRepository } from './active-ban.repository.js';
import { ApiTokenRepository } from './api-token.repository.js';
import { AuditRepository } from './audit.repository.js';
import { BanEventRepository } from './ban-event.repository.js';
import { CountRepository } from './count.repository.js';
import { EnrolmentTokenRepository } from './enrolment-token.repository.js';
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
  readonly geo: GeoRepository;
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
    this.geo = new GeoRepository(manager);
    this.ingest = new IngestRepository(manager);
  }
}
