import { Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { AddressIgnoresService } from './addresses/address-ignores.service.js';
import { AddressLists } from './addresses/address-lists.js';
import { AddressOrigins } from './addresses/address-origins.js';
import { AddressReportsService } from './addresses/address-reports.service.js';
import { AddressesController } from './addresses/addresses.controller.js';
import { LookupQueue } from './addresses/lookup-queue.js';
import { LookupChoices } from './addresses/lookup-settings.js';
import { LookupsController } from './addresses/lookups.controller.js';
import { LookupsService } from './addresses/lookups.service.js';
import { ArchiveController } from './archive/archive.controller.js';
import { ArchiveDeletions } from './archive/archive-deletions.js';
import { BanListService } from './bans/ban-list.service.js';
import { BansController } from './bans/bans.controller.js';
import { BansService } from './bans/bans.service.js';
import { BulkDriver } from './bulk/bulk-driver.js';
import { BulkJobsController } from './bulk/bulk-jobs.controller.js';
import { BulkJobsService } from './bulk/bulk-jobs.service.js';
import { BulkUploads } from './bulk/bulk-uploads.js';
import { AllowController } from './allow/allow.controller.js';
import { AllowService } from './allow/allow.service.js';
import { AllowSync } from './allow/allow-sync.js';
import { BanCheckService } from './bans/ban-check.service.js';
import { BanNotes } from './bans/ban-notes.js';
import { LiftedBans } from './bans/lifted-bans.js';
import { CampaignsController } from './campaigns/campaigns.controller.js';
import { CampaignsService } from './campaigns/campaigns.service.js';
import { FleetEvents } from './channel/fleet-events.js';
import { Ipv6PolicyController } from './ipv6-policy/ipv6-policy.controller.js';
import { Ipv6PolicyService } from './ipv6-policy/ipv6-policy.service.js';
import { PrefixBans } from './ipv6-policy/prefix-bans.js';
import { ProtectedAddressesController } from './guard/protected-addresses.controller.js';
import { AgentChannel } from './channel/agent-channel.js';
import { AgentCommands } from './channel/agent-commands.js';
import { BatchStore } from './channel/batch-store.js';
import { EdgeAccess } from './channel/edge-access.js';
import { FleetHealth } from './channel/fleet-health.js';
import { FleetOptions } from './channel/fleet-options.js';
import { HostAlarms } from './channel/host-alarms.js';
import { Presence } from './channel/presence.js';
import { BannedSampler } from './dashboard/banned-sampler.js';
import { DashboardController } from './dashboard/dashboard.controller.js';
import { DashboardService } from './dashboard/dashboard.service.js';
import { WorstNetworks } from './dashboard/worst-networks.js';
import { GatewayConfig } from './gateway.config.js';
import { AsNames } from './geo/as-names.js';
import { GeoController } from './geo/geo.controller.js';
import { GeoLookups } from './geo/geo-lookups.js';
import { GeoRefresh } from './geo/geo-refresh.js';
import { GeoSources } from './geo/geo-sources.js';
import { GeoUpkeep } from './geo/geo-upkeep.js';
import { KnownAddresses } from './geo/known-addresses.js';
import { NetworkInfo } from './geo/network-info.js';
import { LockoutGuard } from './guard/lockout-guard.js';
import { ProtectedList } from './guard/protected-list.js';
import { HelpDeskAccessService } from './help-desk/help-desk-access.service.js';
import { HelpDeskController } from './help-desk/help-desk.controller.js';
import { HelpDeskService } from './help-desk/help-desk.service.js';
import { HistoryController } from './history/history.controller.js';
import { HistoryService } from './history/history.service.js';
import { RepeatOffendersController } from './history/repeat-offenders.controller.js';
import { RepeatOffendersService } from './history/repeat-offenders.service.js';
import { EnrolmentController } from './hosts/enrolment.controller.js';
import { EnrolmentService } from './hosts/enrolment.service.js';
import { HostNames } from './hosts/host-names.js';
import { HostRegistry } from './hosts/host-registry.js';
import { HostsController } from './hosts/hosts.controller.js';
import { HostsService } from './hosts/hosts.service.js';
import { LocalEnrolment } from './hosts/local-enrolment.js';
import { PendingHosts } from './hosts/pending-hosts.js';
import { StatusService } from './hosts/status.service.js';
import { StatsController } from './stats/stats.controller.js';
import { StatsService } from './stats/stats.service.js';
import { HostJailsController } from './jails/host-jails.controller.js';
import { IgnoreListsService } from './jails/ignore-lists.service.js';
import { JailActEvents } from './jails/jail-act-events.js';
import { JailActsService } from './jails/jail-acts.service.js';
import { JailDetailsService } from './jails/jail-details.service.js';
import { JailsController } from './jails/jails.controller.js';
import { JailsService } from './jails/jails.service.js';
import { FleetGauges } from './metrics/fleet-gauges.js';
import { ArchiveCatchUp } from './live/archive-catch-up.js';
import { LiveAuthenticator } from './live/live-authenticator.js';
import { LiveCatchUp } from './live/live-catch-up.js';
import { LiveConsole } from './live/live-console.js';
import { LiveFeed } from './live/live-feed.js';
import { LiveGateway } from './live/live.gateway.js';
import { LiveHosts } from './live/live-hosts.js';
import { SessionLiveAuthenticator } from './live/session-live-authenticator.js';

/** Hosts and everything that travels between them and the console: channel, bans, history, live feed, countries. */
@Module({
  imports: [ScheduleModule.forRoot()],
  controllers: [
    AllowController,
    CampaignsController,
    Ipv6PolicyController,
    ProtectedAddressesController,
    AddressesController,
    HelpDeskController,
    LookupsController,
    BansController,
    ArchiveController,
    BulkJobsController,
    DashboardController,
    EnrolmentController,
    GeoController,
    HistoryController,
    HostsController,
    HostJailsController,
    JailsController,
    RepeatOffendersController,
    StatsController,
  ],
  providers: [
    { provide: FleetOptions, useExisting: GatewayConfig },
    { provide: LiveCatchUp, useClass: ArchiveCatchUp },
    { provide: LiveAuthenticator, useClass: SessionLiveAuthenticator },
    AddressIgnoresService,
    AddressLists,
    AddressOrigins,
    AddressReportsService,
    AgentChannel,
    AllowService,
    AllowSync,
    BanCheckService,
    BanNotes,
    LiftedBans,
    CampaignsService,
    FleetEvents,
    Ipv6PolicyService,
    PrefixBans,
    ArchiveDeletions,
    AgentCommands,
    BanListService,
    BansService,
    BannedSampler,
    BatchStore,
    BulkDriver,
    BulkJobsService,
    BulkUploads,
    DashboardService,
    EdgeAccess,
    EnrolmentService,
    FleetGauges,
    FleetHealth,
    AsNames,
    GeoLookups,
    GeoRefresh,
    GeoSources,
    GeoUpkeep,
    KnownAddresses,
    NetworkInfo,
    HelpDeskAccessService,
    HelpDeskService,
    HistoryService,
    HostAlarms,
    HostNames,
    HostRegistry,
    HostsService,
    IgnoreListsService,
    JailActEvents,
    JailActsService,
    JailDetailsService,
    JailsService,
    LiveConsole,
    LiveFeed,
    LiveGateway,
    LiveHosts,
    LocalEnrolment,
    LockoutGuard,
    PendingHosts,
    LookupChoices,
    LookupQueue,
    LookupsService,
    Presence,
    ProtectedList,
    RepeatOffendersService,
    StatsService,
    StatusService,
    WorstNetworks,
  ],
  exports: [AgentCommands, FleetHealth, HostRegistry, LiveFeed],
})
export class FleetModule {}
