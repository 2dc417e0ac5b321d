/** What one record of an MMDB file says, whoever made it. */
export interface MmdbFacts {
  /** ISO 3166-1 alpha-2. */
  readonly country: string | null;
  readonly asn: number | null;
  /** Untrusted text. */
  readonly asName: string | null;
}

const MAX_ASN = 4_294_967_295;
const MAX_NAME = 120;

/**
 * Reads a record by the field names in use: MaxMind and DB-IP (`country.iso_code`, `autonomous_system_number`), IPinfo
 * (`country` or `country_code`, `asn` as `AS64500`, `as_name` or `name`). Whatever has another form says nothing.
 */
export function readMmdbRecord(record: unknown): MmdbFacts {
  const { country, country_code: code, asn: nested, as_name: asName, name, ...rest } = fieldsOf(record);
  const inner = fieldsOf(nested);
  const asn =
    asnFrom(rest['autonomous_system_number']) ?? asnFrom(nested) ?? asnFrom(inner['asn']) ?? asnFrom(inner['number']);
  const names = [rest['autonomous_system_organization'], asName, inner['name'], name];
  return {
    country: countryFrom(fieldsOf(country)['iso_code']) ?? countryFrom(country) ?? countryFrom(code),
    asn,
    asName: asn === null ? null : (names.map(nameFrom).find((found) => found !== null) ?? null),
  };
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function countryFrom(value: unknown): string | null {
  return typeof value === 'string' && /^[A-Z]{2}$/.test(value) ? value : null;
}

function asnFrom(value: unknown): number | null {
  const digits = typeof value === 'string' ? /^(?:AS)?(\d{1,10})$/.exec(value)?.[1] : undefined;
  const number = digits === undefined ? value : Number(digits);
  return typeof number === 'number' && Number.isInteger(number) && number > 0 && number <= MAX_ASN ? number : null;
}

function nameFrom(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value.trim().slice(0, MAX_NAME).toWellFormed() : null;
}
