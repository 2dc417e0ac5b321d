// Prints made-up bans of the last days, oldest first, one JSON object a line: an archive for screenshots and for trying out.
// node tools/demo/past-attacks.ts [--seed N] [--count N] [--days N]
import { parseArgs } from 'node:util';

import { attackerAddress } from './addresses.ts';
import { attackLine, type DemoJail } from './log-lines.ts';
import { Random } from './random.ts';

/** One ban as fail2ban's database keeps it. */
export interface PastBan {
  readonly jail: DemoJail;
  readonly ip: string;
  /** Seconds since the epoch. */
  readonly timeofban: number;
  /** Seconds; -1 is for ever. */
  readonly bantime: number;
  readonly bancount: number;
  readonly matches: readonly string[];
}

const daySeconds = 86_400;
const firstBanSeconds: Readonly<Record<DemoJail, number>> = {
  sshd: 3_600,
  'nginx-http-auth': 14_400,
  'nginx-botsearch': 43_200,
  postfix: 21_600,
  dovecot: -1,
};
/** How likely the next attacker is one who was banned before. */
const returning = 0.18;

/** Bans of the last `days` days up to `nowSeconds`, oldest first. */
function pastBans(random: Random, count: number, days: number, nowSeconds: number): PastBan[] {
  const times = Array.from({ length: count }, () => nowSeconds - 60 - Math.floor(momentAgo(random, days)));
  const known: string[] = [];
  const counts = new Map<string, number>();
  return times
    .sort((a, b) => a - b)
    .map((timeofban) => {
      const isKnown = random.next() < returning && known.length > 0;
      const ip = isKnown ? (known[random.between(0, known.length - 1)] ?? '') : attackerAddress(random);
      // A few come again and again: what was drawn once is likelier to be drawn anew.
      known.push(ip);
      const jail = pickJail(random);
      const bancount = (counts.get(`${jail} ${ip}`) ?? 0) + 1;
      counts.set(`${jail} ${ip}`, bancount);
      const first = firstBanSeconds[jail];
      const bantime = first === -1 ? -1 : first * 2 ** Math.min(bancount - 1, 6);
      const matches = Array.from({ length: random.between(3, 6) }, (_, back) =>
        attackLine(jail, ip, new Date((timeofban - 12 + back * 2) * 1_000), random),
      );
      return { jail, ip, timeofban, bantime, bancount, matches };
    });
}

/** Seconds ago: more of them lately, with quieter and busier hours. */
function momentAgo(random: Random, days: number): number {
  for (;;) {
    const ago = random.next() ** 1.4 * days * daySeconds;
    const hour = (ago / 3_600) % 24;
    if (random.next() < 0.55 + 0.45 * Math.cos((hour / 24) * 2 * Math.PI)) return ago;
  }
}

/** sshd sees the most, dovecot little. */
function pickJail(random: Random): DemoJail {
  const drawn = random.next();
  if (drawn < 0.52) return 'sshd';
  return drawn > 0.97 ? 'dovecot' : random.pick(['nginx-http-auth', 'nginx-botsearch', 'postfix', 'nginx-botsearch']);
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: { seed: { type: 'string' }, count: { type: 'string' }, days: { type: 'string' } },
  });
  const random = new Random(Number(values.seed ?? 7));
  const bans = pastBans(random, Number(values.count ?? 900), Number(values.days ?? 7), Math.floor(Date.now() / 1_000));
  process.stdout.write(bans.map((ban) => `${JSON.stringify(ban)}\n`).join(''));
}
