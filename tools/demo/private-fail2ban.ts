import { execFile } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { findProgram } from '../common/paths.ts';
import { ToolError } from '../common/tool.error.ts';
import type { ChildPlan } from '../stack/child.ts';
import type { DataDir } from '../stack/data-dir.ts';
import { plainEnvironment } from '../stack/environment.ts';
import type { AgentTarget } from '../stack/host-fail2ban.ts';
import type { Fail2banPlace } from '../stack/run-file.ts';
import { demoJails, type DemoJail } from './log-lines.ts';

const run = promisify(execFile);
const stockConfigDir = '/etc/fail2ban';

/** The installed fail2ban with configuration, socket, database, log and jails of its own. Its one action writes a line
 *  into a file: the firewall is never touched. */
export interface PrivateFail2ban {
  readonly plan: ChildPlan;
  readonly place: Fail2banPlace;
  readonly target: AgentTarget;
  readonly logs: Readonly<Record<DemoJail, string>>;
}

const logNames: Readonly<Record<DemoJail, string>> = {
  sshd: 'auth.log',
  'nginx-http-auth': 'nginx/error.log',
  'nginx-botsearch': 'nginx/access.log',
  postfix: 'mail.log',
  dovecot: 'mail.log',
};

/** Settings that differ between the jails, so that short, long, growing and endless bans are all to be seen. */
const jailSettings: Readonly<Record<DemoJail, readonly string[]>> = {
  sshd: ['bantime = 1m', 'bantime.increment = true', 'bantime.factor = 1', 'bantime.maxtime = 1d'],
  'nginx-http-auth': ['bantime = 5m'],
  'nginx-botsearch': ['bantime = 1h', 'maxretry = 2'],
  postfix: ['mode = more', 'bantime = 1m', 'bantime.increment = true', 'bantime.multipliers = 1 5 30 60 300'],
  dovecot: ['bantime = -1'],
};

/** Writes the configuration beneath the data directory.
 *  @throws {ToolError} when fail2ban is not installed */
export function preparePrivateFail2ban(data: DataDir): PrivateFail2ban {
  const server = findProgram('fail2ban-server');
  const client = findProgram('fail2ban-client');
  if (server === undefined || client === undefined || !existsSync(join(stockConfigDir, 'filter.d'))) {
    throw new ToolError('tools/no-fail2ban', 'fail2ban is not installed: sudo apt-get install fail2ban');
  }
  const dir = data.folder('fail2ban');
  const configDir = join(dir, 'config');
  const logs = mapJails((jail) => join(dir, 'log', logNames[jail]));
  for (const path of new Set(Object.values(logs))) {
    mkdirSync(dirname(path), { recursive: true });
    appendFileSync(path, '');
  }
  const place: Fail2banPlace = {
    socket: data.socketPath('fail2ban', 'f2b.sock'),
    configDir,
    database: join(dir, 'fail2ban.sqlite3'),
    log: join(dir, 'fail2ban.log'),
    logs,
  };
  copyStockConfiguration(configDir);
  writeConfiguration(dir, place, logs);
  const reach = ['-c', configDir, '-s', place.socket, '-p', join(dir, 'fail2ban.pid')];
  return {
    place,
    logs,
    target: {
      env: {
        BAILIFF_AGENT_FAIL2BAN_SOCKET: place.socket,
        BAILIFF_AGENT_FAIL2BAN_CONFIG_DIR: configDir,
        BAILIFF_AGENT_FAIL2BAN_CLIENT: client,
      },
      logRoot: join(dir, 'log'),
      description: `a private fail2ban at ${place.socket}`,
    },
    plan: {
      name: 'fail2ban',
      program: server,
      args: [...reach, '-xf', 'start'],
      env: () => plainEnvironment(),
      logFile: data.at('logs/fail2ban-output.log'),
      isReady: async () => existsSync(place.socket) && (await hasAllJails(client, reach)),
    },
  };
}

/** What the package installed, without what this host's administrator added. */
function copyStockConfiguration(configDir: string): void {
  for (const folder of ['filter.d', 'action.d']) {
    cpSync(join(stockConfigDir, folder), join(configDir, folder), {
      recursive: true,
      filter: (path) => !path.endsWith('.local'),
    });
  }
  for (const name of readdirSync(stockConfigDir).filter((file) => file.endsWith('.conf')))
    cpSync(join(stockConfigDir, name), join(configDir, name));
  mkdirSync(join(configDir, 'jail.d'), { recursive: true });
  mkdirSync(join(configDir, 'fail2ban.d'), { recursive: true });
}

function writeConfiguration(dir: string, place: Fail2banPlace, logs: Readonly<Record<DemoJail, string>>): void {
  const write = (name: string, lines: readonly string[]) =>
    writeFileSync(join(place.configDir, name), `${lines.join('\n')}\n`);
  write('fail2ban.d/00-demo.conf', [
    '[Definition]',
    'loglevel = INFO',
    `logtarget = ${percentFree(place.log)}`,
    `socket = ${percentFree(place.socket)}`,
    `pidfile = ${percentFree(join(dir, 'fail2ban.pid'))}`,
    `dbfile = ${percentFree(place.database)}`,
  ]);
  write('action.d/demo-note.conf', [
    '# Notes bans in a file instead of asking a firewall.',
    '[Definition]',
    'actionban = printf "%%s ban %%s\\n" "<name>" "<fid>" >> "<notes>"',
    'actionunban = printf "%%s unban %%s\\n" "<name>" "<fid>" >> "<notes>"',
    '[Init]',
    `notes = ${percentFree(join(dir, 'firewall-notes.txt'))}`,
  ]);
  write('jail.d/00-demo.conf', [
    '# Jails of ./bailiff demo: stock filters, short times, no firewall.',
    '[DEFAULT]',
    'backend = polling',
    'usedns = no',
    'ignoreself = false',
    'ignoreip = 127.0.0.1/8 ::1',
    'findtime = 10m',
    'maxretry = 3',
    'action = demo-note',
    ...demoJails.flatMap((jail) => [
      '',
      `[${jail}]`,
      'enabled = true',
      `logpath = ${percentFree(logs[jail])}`,
      'backend = polling',
      ...jailSettings[jail],
    ]),
  ]);
}

/** A percent sign would start an interpolation. */
const percentFree = (text: string) => text.replaceAll('%', '%%');

function mapJails(value: (jail: DemoJail) => string): Record<DemoJail, string> {
  return Object.fromEntries(demoJails.map((jail) => [jail, value(jail)])) as Record<DemoJail, string>;
}

/** The socket answers before the jails are there, so they are counted. */
async function hasAllJails(client: string, reach: readonly string[]): Promise<boolean> {
  try {
    const { stdout } = await run(client, [...reach, 'status'], { timeout: 5_000 });
    return demoJails.every((jail) => stdout.includes(jail));
  } catch {
    return false; // not up yet
  }
}
