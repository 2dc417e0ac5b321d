import { inject } from '@angular/core';
import type { ResolveFn, Routes } from '@angular/router';
import { isHelpDeskOnly } from './help-desk/help-desk-guard';
import { type Messages, MESSAGES } from './messages/messages';
import { offerLogin, requireSession } from './session/session-guard';

const titled =
  (of: (m: Messages) => string): ResolveFn<string> =>
  () =>
    of(inject(MESSAGES));

/** Every page; each is loaded when first opened. */
export const routes: Routes = [
  {
    path: 'setup',
    title: titled((m) => m.setup.title),
    loadComponent: () => import('./setup/setup-wizard').then(({ SetupWizard }) => SetupWizard),
  },
  {
    path: 'login',
    canActivate: [offerLogin],
    title: titled((m) => m.login.title),
    loadComponent: () => import('./session/login').then(({ Login }) => Login),
  },
  {
    path: 'help-desk',
    canMatch: [isHelpDeskOnly],
    title: titled((m) => m.helpDesk.title),
    loadComponent: () => import('./help-desk/help-desk-frame').then(({ HelpDeskFrame }) => HelpDeskFrame),
  },
  {
    path: '',
    canActivate: [requireSession],
    loadComponent: () => import('./shell/shell').then(({ Shell }) => Shell),
    children: [
      {
        path: '',
        pathMatch: 'full',
        title: titled((m) => m.dashboard.title),
        loadComponent: () => import('./dashboard/dashboard').then(({ Dashboard }) => Dashboard),
      },
      {
        path: 'map',
        title: titled((m) => m.map.title),
        loadComponent: () => import('./map/map-page').then(({ MapPage }) => MapPage),
      },
      {
        path: 'jails',
        title: titled((m) => m.jails.title),
        loadComponent: () => import('./jails/jail-list').then(({ JailList }) => JailList),
      },
      { path: 'hosts/:hostId/jails/:jail', redirectTo: 'jails/:hostId/:jail' },
      {
        path: 'jails/:hostId/:jail',
        title: ({ params }) => inject(MESSAGES).jail.title(String(params['jail'])),
        loadComponent: () => import('./jails/jail-page').then(({ JailPage }) => JailPage),
      },
      {
        path: 'addresses/:address',
        title: ({ params }) => String(params['address']),
        loadComponent: () => import('./address/address-page').then(({ AddressPage }) => AddressPage),
      },
      {
        path: 'addresses/:address/:prefix',
        title: ({ params }) => `${String(params['address'])}/${String(params['prefix'])}`,
        loadComponent: () => import('./address/address-page').then(({ AddressPage }) => AddressPage),
      },
      {
        path: 'help-desk',
        title: titled((m) => m.helpDesk.title),
        loadComponent: () => import('./help-desk/help-desk').then(({ HelpDesk }) => HelpDesk),
      },
      {
        path: 'banned',
        title: titled((m) => m.bans.title),
        loadComponent: () => import('./banned/banned-now').then(({ BannedNow }) => BannedNow),
      },
      {
        path: 'banned/lists',
        title: titled((m) => m.bulk.title),
        loadComponent: () => import('./bulk/bulk-list').then(({ BulkList }) => BulkList),
      },
      {
        path: 'banned/lists/new',
        title: titled((m) => m.bulk.title),
        loadComponent: () => import('./bulk/bulk-new').then(({ BulkNew }) => BulkNew),
      },
      {
        path: 'banned/lists/:id',
        title: titled((m) => m.bulk.title),
        loadComponent: () => import('./bulk/bulk-page').then(({ BulkPage }) => BulkPage),
      },
      {
        path: 'allow',
        title: titled((m) => m.allow.title),
        loadComponent: () => import('./allow/allow-page').then(({ AllowPage }) => AllowPage),
      },
      {
        path: 'campaigns',
        title: titled((m) => m.campaigns.title),
        loadComponent: () => import('./campaigns/campaigns-page').then(({ CampaignsPage }) => CampaignsPage),
      },
      {
        path: 'history',
        title: titled((m) => m.history.title),
        loadComponent: () => import('./history/history-list').then(({ HistoryList }) => HistoryList),
      },
      {
        path: 'history/offenders',
        title: titled((m) => m.archive.offenders.title),
        loadComponent: () => import('./history/repeat-offenders').then(({ RepeatOffenders }) => RepeatOffenders),
      },
      {
        path: 'hosts',
        title: titled((m) => m.hosts.title),
        loadComponent: () => import('./hosts/host-list').then(({ HostList }) => HostList),
      },
      {
        path: 'access',
        title: titled((m) => m.access.title),
        loadComponent: () => import('./access/access').then(({ Access }) => Access),
      },
      {
        path: 'audit',
        title: titled((m) => m.audit.title),
        loadComponent: () => import('./audit/audit-log').then(({ AuditLog }) => AuditLog),
      },
      {
        path: 'settings',
        title: titled((m) => m.settings.title),
        loadComponent: () => import('./settings/settings').then(({ Settings }) => Settings),
      },
      {
        path: '**',
        title: titled((m) => m.shell.notFound.title),
        loadComponent: () => import('./shell/not-found').then(({ NotFound }) => NotFound),
      },
    ],
  },
];
