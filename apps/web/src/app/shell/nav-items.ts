import {
  mdiAccountKeyOutline,
  mdiCogOutline,
  mdiEarth,
  mdiFence,
  mdiHistory,
  mdiLifebuoy,
  mdiRadar,
  mdiServerOutline,
  mdiShieldCheckOutline,
  mdiShieldLockOutline,
  mdiTextBoxSearchOutline,
  mdiViewDashboardOutline,
} from '@mdi/js';
import type { Messages } from '../messages/messages';

/** One entry of the navigation. Pages that do not exist yet have none: there are no dead links. */
export interface NavItem {
  readonly path: string;
  readonly icon: string;
  readonly text: keyof Messages['shell']['nav'] &
    (
      | 'dashboard'
      | 'map'
      | 'jails'
      | 'banned'
      | 'allow'
      | 'campaigns'
      | 'history'
      | 'hosts'
      | 'helpDesk'
      | 'access'
      | 'audit'
      | 'settings'
    );
}

export const MAIN_NAV: readonly NavItem[] = [
  { path: '/', icon: mdiViewDashboardOutline, text: 'dashboard' },
  { path: '/map', icon: mdiEarth, text: 'map' },
  { path: '/jails', icon: mdiFence, text: 'jails' },
  { path: '/banned', icon: mdiShieldLockOutline, text: 'banned' },
  { path: '/allow', icon: mdiShieldCheckOutline, text: 'allow' },
  { path: '/campaigns', icon: mdiRadar, text: 'campaigns' },
  { path: '/history', icon: mdiHistory, text: 'history' },
  { path: '/hosts', icon: mdiServerOutline, text: 'hosts' },
];

export const ADMIN_NAV: readonly NavItem[] = [
  { path: '/help-desk', icon: mdiLifebuoy, text: 'helpDesk' },
  { path: '/access', icon: mdiAccountKeyOutline, text: 'access' },
  { path: '/audit', icon: mdiTextBoxSearchOutline, text: 'audit' },
  { path: '/settings', icon: mdiCogOutline, text: 'settings' },
];
