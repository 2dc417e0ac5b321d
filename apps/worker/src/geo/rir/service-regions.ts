import type { Rir } from '@bailiff/contracts/http';

/**
 * Countries by the registry that serves them; all others are RIPE NCC's (Europe, the Middle East, Central Asia).
 * @see https://www.nro.net/about/rirs/
 */
const REGIONS: Readonly<Partial<Record<Rir, string>>> = {
  AFRINIC:
    'AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EG EH ER ET GA GH GM GN GQ GW KE KM LR LS LY MA MG ML MR MU MW MZ NA NE NG RE RW SC SD SL SN SO SS ST SZ TD TG TN TZ UG YT ZA ZM ZW',
  APNIC:
    'AF AS AU BD BN BT CC CK CN CX FJ FM GU HK ID IN IO JP KH KI KP KR LA LK MH MM MN MO MP MV MY NC NF NP NR NU NZ PF PG PH PK PN PW SB SG TF TH TK TL TO TV TW VN VU WF WS',
  ARIN: 'AG AI AQ BB BL BM BS BV CA DM GD GP HM JM KN KY LC MF MQ MS PM PR SH TC UM US VC VG VI',
  LACNIC: 'AR AW BO BQ BR BZ CL CO CR CU CW DO EC FK GF GS GT GY HN HT MX NI PA PE PY SR SV SX TT UY VE',
};

const byCountry = new Map(
  Object.entries(REGIONS).flatMap(([rir, countries]) => countries.split(' ').map((country) => [country, rir as Rir])),
);

/** Registry that serves a country. */
export function rirOfCountry(country: string): Rir {
  return byCountry.get(country) ?? 'RIPE NCC';
}
