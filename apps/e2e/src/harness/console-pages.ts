import type { Person } from './person.js';

/** A page of the console: name for files, address, and the heading that says it is there. */
export interface ConsolePage {
  readonly name: string;
  readonly path: string;
  readonly heading: string;
  /** What somebody does on it before it is looked at. */
  readonly prepare?: (person: Person) => Promise<void>;
}

/** What a running console has pages about. */
export interface ConsolePlaces {
  readonly hostId: string;
  readonly jail: string;
  /** With a past, best with log lines. */
  readonly address: string;
  readonly network: string;
  /** A list banned or unbanned. */
  readonly listId: string;
}

const JAIL_TABS = ['overview', 'banned', 'ignore', 'settings', 'filter', 'actions', 'log'] as const;

/** One jail, tab by tab. */
export function jailPages(hostId: string, jail: string, name = 'jail'): readonly ConsolePage[] {
  return JAIL_TABS.map((tab) => ({
    name: `${name}-${tab}`,
    path: `/jails/${hostId}/${jail}?tab=${tab}`,
    heading: jail,
  }));
}

/** The page of an address or network. */
export function addressPage(address: string, name = 'address'): ConsolePage {
  return { name, path: `/addresses/${address}`, heading: address };
}

/** Every page behind the login. */
export function consolePages({ hostId, jail, address, network, listId }: ConsolePlaces): readonly ConsolePage[] {
  return [
    { name: 'dashboard', path: '/', heading: 'Dashboard' },
    { name: 'map', path: '/map', heading: 'Map' },
    { name: 'jails', path: '/jails', heading: 'Jails' },
    ...jailPages(hostId, jail),
    addressPage(address),
    addressPage(network, 'network'),
    { name: 'banned', path: '/banned', heading: 'Banned now' },
    { name: 'lists', path: '/banned/lists', heading: 'Lists' },
    { name: 'list-new', path: '/banned/lists/new?direction=unban', heading: 'Unban a list' },
    { name: 'list', path: `/banned/lists/${listId}`, heading: 'Unban a list' },
    { name: 'allow', path: '/allow', heading: 'Allow list' },
    { name: 'protected', path: '/allow?tab=protected', heading: 'Allow list' },
    { name: 'campaigns', path: '/campaigns', heading: 'Campaigns' },
    { name: 'ipv6-prefixes', path: '/campaigns?tab=ipv6', heading: 'Campaigns' },
    { name: 'history', path: '/history', heading: 'History' },
    { name: 'offenders', path: '/history/offenders', heading: 'History' },
    { name: 'hosts', path: '/hosts', heading: 'Hosts' },
    { name: 'help-desk', path: '/help-desk', heading: 'Help desk', prepare: (person) => lookUp(person, address) },
    { name: 'access', path: '/access', heading: 'Access' },
    { name: 'audit', path: '/audit', heading: 'Audit log' },
    { name: 'settings', path: '/settings', heading: 'Settings' },
  ];
}

/** Opens a page and waits until it shows what it has. */
export async function visit(person: Person, { path, heading, prepare }: ConsolePage): Promise<void> {
  await person.open(path);
  await person.heading(heading).waitFor();
  await prepare?.(person);
  await person.isQuiet();
}

async function lookUp({ page }: Person, address: string): Promise<void> {
  await page.getByLabel('Their IP address').fill(address);
  await page.getByRole('button', { name: 'Look it up' }).click();
  await page.getByRole('heading', { name: `${address} is ` }).waitFor();
}
