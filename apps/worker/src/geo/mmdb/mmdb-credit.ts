/** Who is to be named for a mounted file, by the type its maker gave it. */
const MAKERS = [
  [/^(geolite|geoip)/i, 'Includes GeoLite or GeoIP data created by MaxMind', 'https://www.maxmind.com'],
  [/^db-?ip/i, 'IP Geolocation by DB-IP', 'https://db-ip.com'],
  [/^ipinfo/i, 'IP address data powered by IPinfo', 'https://ipinfo.io'],
] as const;

/** Credit line and page for the type of an MMDB file. */
export function mmdbCredit(type: string): { readonly credit: string; readonly creditUrl: string | null } {
  const [, credit, creditUrl] = MAKERS.find(([pattern]) => pattern.test(type)) ?? [];
  return { credit: credit ?? 'A file of yours, under the licence of its maker', creditUrl: creditUrl ?? null };
}
