import type { GeoFact, GeoSource } from '@bailiff/contracts/http';

const grouped = new Intl.NumberFormat('en');

const facts: Record<GeoFact, string> = { country: 'countries', asn: 'networks', rir: 'registries' };
const kinds: Record<GeoSource['kind'], string> = {
  embedded: 'Comes with Bailiff',
  mounted: 'A file of yours',
  online: 'Asked over the internet',
};
const states: Record<GeoSource['state'], string> = { used: 'In use', overridden: 'Replaced', broken: 'Not readable' };
const days = (n: number): string => `${grouped.format(n)} ${n === 1 ? 'day' : 'days'} old`;

/** Texts about where countries and networks come from. */
export const geo = {
  title: 'Geo and network data',
  body: 'Where countries, networks and registries of addresses come from. The worker looks them up in its own data.',
  mount:
    'To use newer data, put MMDB files (MaxMind, DB-IP, IPinfo) into the directory that the worker’s BAILIFF_WORKER_GEO_DIR names. They take over within a minute; addresses known already are looked up again little by little.',
  network: 'Network',
  facts,
  kinds,
  states,
  old: 'Old',
  age: (n: number) => (n === 0 ? 'built today' : days(n)),
  ageUnknown: 'age not known',
  askedLive: 'always current',
  entries: (n: number) => `${grouped.format(n)} ranges`,
  addresses: (known: string, waiting: string) => `${known} addresses known, ${waiting} still to be looked up.`,
  lastSaid: (at: string) => `As a worker last said at ${at}.`,
  signs: {
    none: 'No geo data: no worker has answered yet',
    silent: 'No worker answers: new addresses stay without country and network',
    missing: 'No geo data: countries stay unknown',
    broken: (source: string) => `Geo data not readable: ${source}`,
    old: (n: number) => `Geo data ${days(n)}`,
  },
};
