import type { RdapFacts } from '@bailiff/contracts/http';
import {
  aggregate,
  family,
  type IpAddress,
  type IpNetwork,
  networkRange,
  parseNetwork,
  prefixLength,
  sortKey,
  tryParseAddress,
  tryParseNetwork,
} from '@bailiff/ip';
import { cleanText, cleanTime, listOf, objectOf } from './clean-text.js';

const NAME_MAX = 200;
const MAX_ENTITIES = 30;
const MAX_DEPTH = 3;
const MAX_NETWORKS = 16;

/** Somebody named in an answer. */
interface Contact {
  readonly roles: readonly unknown[];
  readonly name: string | null;
  readonly email: string | null;
  readonly phone: string | null;
}

/**
 * What an RDAP server says about a network, cut down to what a page shows. The answer is foreign: nothing in it is relied on,
 * everything is shortened. Undefined when it is no answer about a network.
 * @see RFC 9083 sections 5.1 and 5.4, RFC 7095 (jCard)
 */
export function readRdapAnswer(json: unknown, source: string): RdapFacts | undefined {
  const answer = objectOf(json);
  if (answer['objectClassName'] !== 'ip network') return undefined;
  const contacts = contactsOf(answer['entities'], 0);
  const byRole = (...roles: string[]) =>
    roles.map((role) => contacts.find((contact) => contact.roles.includes(role))).find((found) => found !== undefined);
  const abuse = byRole('abuse');
  const owner = byRole('registrant', 'administrative', 'technical');
  const country = cleanText(answer['country'], 2)?.toUpperCase() ?? null;
  return {
    name: cleanText(answer['name'], NAME_MAX),
    handle: cleanText(answer['handle'], NAME_MAX),
    organisation: owner?.name ?? null,
    country: country !== null && /^[A-Z]{2}$/.test(country) ? country : null,
    networks: networksOf(answer),
    abuseEmail: abuse?.email ?? null,
    abusePhone: abuse?.phone ?? null,
    registeredAt: eventAt(answer['events'], 'registration'),
    changedAt: eventAt(answer['events'], 'last changed'),
    source: new URL(source).hostname,
  };
}

function contactsOf(value: unknown, depth: number): Contact[] {
  if (depth > MAX_DEPTH) return [];
  return listOf(value, MAX_ENTITIES).flatMap((item) => {
    const entity = objectOf(item);
    const card = listOf(listOf(entity['vcardArray'], 2)[1], 50).map((field) => listOf(field, 4));
    const field = (name: string) => card.find(([key]) => key === name)?.[3];
    const email = cleanText(field('email'), 254);
    const contact: Contact = {
      roles: listOf(entity['roles'], 10),
      name: cleanText(field('fn'), NAME_MAX),
      email: email !== null && /^[^\s@<>"']+@[^\s@<>"']+$/.test(email) ? email : null,
      phone: cleanText(field('tel'), 60)?.replace(/^tel:/, '') ?? null,
    };
    return [contact, ...contactsOf(entity['entities'], depth + 1)];
  });
}

function eventAt(value: unknown, action: string): string | null {
  const event = listOf(value, 20)
    .map(objectOf)
    .find(({ eventAction }) => eventAction === action);
  return cleanTime(event?.['eventDate']);
}

/** As the server wrote them in CIDR, else worked out from the first and last address. */
function networksOf(answer: Record<string, unknown>): IpNetwork[] {
  const written = listOf(answer['cidr0_cidrs'], MAX_NETWORKS).flatMap((item) => {
    const { v4prefix, v6prefix, length } = objectOf(item);
    const prefix = typeof v4prefix === 'string' ? v4prefix : v6prefix;
    if (typeof prefix !== 'string' || typeof length !== 'number') return [];
    return tryParseNetwork(`${prefix}/${length}`) ?? [];
  });
  if (written.length > 0) return aggregate(written).slice(0, MAX_NETWORKS);
  const first = addressOf(answer['startAddress']);
  const last = addressOf(answer['endAddress']);
  return first === undefined || last === undefined ? [] : networksBetween(first, last);
}

function addressOf(value: unknown): IpAddress | undefined {
  return typeof value === 'string' ? tryParseAddress(value.trim()) : undefined;
}

/** The one network that begins and ends where a range does; none when there is no such. */
function networksBetween(first: IpAddress, last: IpAddress): IpNetwork[] {
  if (family(first) !== family(last)) return [];
  const lengths = Array.from({ length: prefixLength(first) + 1 }, (_, length) => length);
  const whole = lengths
    .map((length) => parseNetwork(`${first}/${length}`))
    .find((network) => network.split('/')[0] === first && networkRange(network).last === sortKey(last));
  return whole === undefined ? [] : [whole];
}
