/** A page of the console: name for files, address, and the heading that says it is there. */
export interface ConsolePage {
  readonly name: string;
  readonly path: string;
  readonly heading: string;
}

/** Every page behind the login. */
export const consolePages: readonly ConsolePage[] = [
  { name: 'dashboard', path: '/', heading: 'Dashboard' },
  { name: 'map', path: '/map', heading: 'Map' },
  { name: 'jails', path: '/jails', heading: 'Jails' },
  { name: 'banned', path: '/banned', heading: 'Banned now' },
  { name: 'allow', path: '/allow', heading: 'Allow list' },
  { name: 'campaigns', path: '/campaigns', heading: 'Campaigns' },
  { name: 'history', path: '/history', heading: 'History' },
  { name: 'offenders', path: '/history/offenders', heading: 'History' },
  { name: 'hosts', path: '/hosts', heading: 'Hosts' },
  { name: 'access', path: '/access', heading: 'Access' },
  { name: 'audit', path: '/audit', heading: 'Audit log' },
  { name: 'settings', path: '/settings', heading: 'Settings' },
];
