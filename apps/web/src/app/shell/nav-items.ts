import {
  mdiAccountKeyOutline,
  mdiCogOutline,
  mdiEarth,
  mdiFence,
  mdiHistory,
  mdiServerOutline,
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
    ('dashboard' | 'map' | 'jails' | 'banned' | 'history' | 'hosts' | 'access' | 'audit' | 'settings');
}

export const MAIN_NAV: readonly NavItem[] = [
  { path: '/', icon: mdiViewDashboardOutline, text: 'dashboard' },
  { path: '/map', icon: mdiEarth, text: 'map' },
  { path: '/jails', icon: mdiFence, text: 'jails' },
  { path: '/banned', icon: mdiShieldLockOutline, text: 'banned' },
  { path: '/history', icon: mdiHistory, text: 'history' },
  { path: '/hosts', icon: mdiServerOutline, text: 'hosts' },
];

export const ADMIN_NAV: readonly NavItem[] = [
  { path: '/access', icon: mdiAccountKeyOutline, text: 'access' },
  { path: '/audit', icon: mdiTextBoxSearchOutline, text: 'audit' },
  { path: '/settings', icon: mdiCogOutline, text: 'settings' },
];
