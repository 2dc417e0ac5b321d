import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { type Fail2banInstance, runChecked, startFail2ban } from '@bailiff/testing';
import { repository } from './bailiff-stack.js';

/** A ban as `tools/demo/past-attacks.ts` prints it. */
interface PastBan {
  readonly jail: string;
  readonly ip: string;
  readonly timeofban: number;
  readonly bantime: number;
  readonly bancount: number;
  readonly matches: readonly string[];
}

/** A real fail2ban that looks back on a week of attacks: what a new console takes over on first contact. */
export async function startLivelyFail2ban(): Promise<Fail2banInstance> {
  const fail2ban = await startFail2ban({
    version: '1.0.2',
    dbpurgeage: '30d',
    jails: {
      sshd: { filter: 'sshd', bantime: '1h', extra: { 'bantime.increment': 'true' } },
      'nginx-http-auth': { filter: 'nginx-http-auth', bantime: '4h' },
      'nginx-botsearch': { bantime: '12h', maxretry: 2 },
      postfix: { filter: 'postfix', bantime: '6h' },
      dovecot: { filter: 'dovecot', bantime: -1 },
    },
  });
  try {
    await fail2ban.stop();
    const printed = await runChecked(process.execPath, [join(repository, 'tools/demo/past-attacks.ts')]);
    store(
      fail2ban,
      printed
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as PastBan),
    );
    await fail2ban.start();
    return fail2ban;
  } catch (error) {
    await fail2ban[Symbol.asyncDispose]();
    throw error;
  }
}

function store({ databasePath }: Fail2banInstance, bans: readonly PastBan[]): void {
  const database = new DatabaseSync(databasePath);
  try {
    database.exec('BEGIN');
    const columns = '(jail, ip, timeofban, bantime, bancount, data) VALUES (?, ?, ?, ?, ?, ?)';
    const [each, last] = [`INSERT INTO bans ${columns}`, `INSERT OR REPLACE INTO bips ${columns}`].map((sql) =>
      database.prepare(sql),
    );
    for (const { jail, ip, timeofban, bantime, bancount, matches } of bans) {
      const data = Buffer.from(JSON.stringify({ matches, failures: matches.length }));
      for (const statement of [each, last]) statement?.run(jail, ip, timeofban, bantime, bancount, data);
    }
    database.exec('COMMIT');
  } finally {
    database.close();
  }
}
