const grouped = new Intl.NumberFormat('en');
const bans = (n: number): string => `${grouped.format(n)} ${n === 1 ? 'ban' : 'bans'}`;

/** Texts of the dashboard's charts and of the filters above them. */
export const stats = {
  allOrigins: 'All',
  custom: 'Custom…',
  worst: 'Worst network',
  worstShare: (n: number, share: string) => `${bans(n)}, ${share} of all`,
  worstOfNewest: (n: number, sample: number) => `${bans(n)} of the newest ${grouped.format(sample)}`,
  failuresOfAll: 'whoever banned',
  bannedDayAgo: (percent: string, up: boolean) => `${percent} ${up ? 'more' : 'fewer'} than a day ago`,
  timeline: 'Bans over time',
  timelineLabel: (range: string, total: number, jails: string) =>
    `Stacked bars: ${range}, ${bans(total)}${jails === '' ? '' : `, most by ${jails}`}.`,
  others: 'Other jails',
  otherJails: (n: string) => `Other jails: ${n}`,
  total: 'Total',
  time: 'Time',
  bans: 'Bans',
  share: 'Share',
  none: 'No bans in this range',
  noneFrom: 'Nothing known yet',
  topJails: 'Top jails',
  topCountries: 'Top countries',
  topNetworks: 'Top networks',
  jail: 'Jail',
  country: 'Country',
  network: 'Network',
  rankLabel: (heading: string, first: string, n: number) =>
    first === '' ? `${heading}: none.` : `${heading} as bars, most bans first: ${first} with ${bans(n)}.`,
  unknownCountry: (share: string) => `${share} from unknown countries`,
  unknownNetwork: (share: string) => `${share} from unknown networks`,
  ofAll: (share: string) => `${share} of all`,
  hourOfWeek: 'Hours of the week',
  hourOfWeekLabel: (zone: string, day: string, hour: string, n: number) =>
    n === 0
      ? `Bans by weekday and hour in ${zone}: none.`
      : `Heat map of bans by weekday and hour in ${zone}. Most on ${day} at ${hour}: ${bans(n)}.`,
  weekdays: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'],
  weekdaysShort: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'],
  day: 'Day',
  hour: 'Hour',
  zoneNote: (zone: string) => `Times in ${zone}`,
  span: (from: string, to: string) => `${from}–${to}`,
  dayHour: (day: string, hours: string) => `${day}, ${hours}`,
  fewer: 'fewer',
  more: 'more',
  pickSlot: 'Click to show only this time',
  pickLatest: 'Click to show the latest such hour',
  pickOnly: 'Click to show only these',
  slot: 'Time',
  filterJail: (jail: string) => `Show only ${jail}`,
  retry: 'The charts could not be brought up to date.',
};
