import { cp, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { HarnessMisuseError } from '../core/testing.errors.js';
import type { Fail2banInstallation } from './fail2ban-installation.js';
import type { Fail2banOptions, JailOptions } from './fail2ban-options.js';
import { plainFailureLine, stockFailureLines, type FailureLine } from './failure-lines.js';

/** Where a private fail2ban keeps its things. */
export interface Fail2banPaths {
  readonly dir: string;
  readonly configDir: string;
  readonly socketPath: string;
  readonly pidFile: string;
  readonly databasePath: string;
  readonly logPath: string;
  readonly actionLogPath: string;
}

/** Lays the paths out under one folder. */
export function fail2banPaths(dir: string): Fail2banPaths {
  return {
    dir,
    configDir: join(dir, 'etc'),
    socketPath: join(dir, 'f2b.sock'),
    pidFile: join(dir, 'f2b.pid'),
    databasePath: join(dir, 'fail2ban.sqlite3'),
    logPath: join(dir, 'fail2ban.log'),
    actionLogPath: join(dir, 'actions.log'),
  };
}

const plainFailregex = String.raw`^\s*(?:\S+ )?fail from <HOST>$`;

/** `sshd[mode=aggressive]` → `sshd`. */
const filterName = (filter: string): string => filter.replace(/\[.*$/s, '').trim();

/** Log file that `appendFailures` writes for a jail: the first of its `logpath`, or its own. */
export function jailLogPath(dir: string, name: string, { logpath }: JailOptions): string {
  return logpath?.trim().split(/\s+/)[0] ?? join(dir, 'logs', `${name}.log`);
}

/** The kind of line that makes a failure in a jail; undefined when the harness knows none for its stock filter. */
export function failureLineOf({ filter }: JailOptions): FailureLine | undefined {
  return filter === undefined ? plainFailureLine : (stockFailureLines[filter] ?? stockFailureLines[filterName(filter)]);
}

/** Writes the whole configuration and creates the (empty) log files that fail2ban insists on. */
export async function writeFail2banConfig(
  paths: Fail2banPaths,
  options: Fail2banOptions,
  installation: Fail2banInstallation,
): Promise<void> {
  const jails = Object.entries(options.jails);
  for (const [name] of jails) {
    if (!/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(name)) throw new HarnessMisuseError(`"${name}" is no name for a jail`);
  }
  for (const folder of ['fail2ban.d', 'jail.d', 'filter.d', 'action.d'])
    await mkdir(join(paths.configDir, folder), { recursive: true });
  await mkdir(join(paths.dir, 'logs'), { recursive: true });
  if (options.stockConfig === true || jails.some(([, jail]) => jail.filter !== undefined)) {
    for (const folder of ['filter.d', 'action.d']) {
      await cp(join(installation.stockConfigDir, folder), join(paths.configDir, folder), { recursive: true });
    }
  }
  const write = (file: string, text: string): Promise<void> => writeFile(join(paths.configDir, file), text);
  await write('fail2ban.conf', globalConfig(paths, options));
  await write('jail.conf', jailConfig(paths, jails));
  await write('action.d/bailiff-record.conf', recordAction);
  for (const [name, jail] of jails) {
    if (jail.filter === undefined) {
      await write(
        `filter.d/${ownFilter(name)}.conf`,
        `[Definition]\nfailregex = ${jail.failregex ?? plainFailregex}\nignoreregex =\n`,
      );
    }
    const log = jailLogPath(paths.dir, name, jail);
    if (log.startsWith('/') && !/[*?[]/.test(log)) {
      await mkdir(dirname(log), { recursive: true });
      await writeFile(log, '', { flag: 'a' });
    }
  }
}

const ownFilter = (jail: string): string => `bailiff-${jail}`;

function section(name: string, settings: Readonly<Record<string, string>>): string {
  const lines = Object.entries(settings).map(([key, value]) => `${key} = ${value.replaceAll('\n', '\n    ')}`);
  return `[${name}]\n${lines.join('\n')}\n`;
}

function globalConfig(
  paths: Fail2banPaths,
  { loglevel = 'INFO', dbpurgeage = '1d', globals = {} }: Fail2banOptions,
): string {
  return section('Definition', {
    loglevel,
    logtarget: paths.logPath,
    syslogsocket: 'auto',
    socket: paths.socketPath,
    pidfile: paths.pidFile,
    dbfile: paths.databasePath,
    dbpurgeage,
    dbmaxmatches: '10',
    ...globals,
  });
}

function jailConfig(paths: Fail2banPaths, jails: readonly (readonly [string, JailOptions])[]): string {
  const defaults = {
    backend: 'polling',
    usedns: 'no',
    ignoreself: 'false',
    ignoreip: '',
    maxretry: '3',
    findtime: '600',
    bantime: '600',
    logencoding: 'utf-8',
    enabled: 'true',
    action: `bailiff-record[name=%(__name__)s, record="${paths.actionLogPath}"]`,
  };
  const sections = jails.map(([name, jail]) => {
    const { maxretry, findtime, bantime, backend, action, enabled } = jail;
    const given = { maxretry, findtime, bantime, backend, action, enabled };
    const settings = Object.entries(given).flatMap(([key, value]) =>
      value === undefined ? [] : [[key, String(value)] as const],
    );
    return section(name, {
      filter: jail.filter ?? ownFilter(name),
      ...(jail.filter !== undefined && jail.failregex !== undefined ? { failregex: jail.failregex } : {}),
      logpath: jail.logpath ?? jailLogPath(paths.dir, name, jail),
      ...Object.fromEntries(settings),
      ...jail.extra,
    });
  });
  return [section('DEFAULT', defaults), ...sections].join('\n');
}

/** Touches no firewall: it only writes down what it was asked for. */
const recordAction = `[Definition]
actionstart =
actionstop =
actioncheck =
actionban = printf '%%s ban %%s\\n' '<name>' '<ip>' >> '<record>'
actionunban = printf '%%s unban %%s\\n' '<name>' '<ip>' >> '<record>'

[Init]
name = default
record = /dev/null
`;
