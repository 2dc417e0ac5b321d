import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, globSync } from 'node:fs';
import { createConnection } from 'node:net';
import { promisify } from 'node:util';

import { findProgram } from '../common/paths.ts';
import { bringsRedis } from '../stack/app-plans.ts';
import { fine, optional, type Finding } from './finding.ts';

const run = promisify(execFile);

/** The first line of output that holds a version number. */
async function firstLine(program: string, args: readonly string[]): Promise<string> {
  try {
    const { stdout, stderr } = await run(program, args, { timeout: 10_000 });
    const lines = (stdout || stderr).trim().split('\n');
    return lines.find((line) => /\d/.test(line)) ?? lines[0] ?? '';
  } catch {
    return 'does not run';
  }
}

async function program(
  what: string,
  names: readonly string[],
  versionArgs: readonly string[],
  lack: Omit<Finding, 'what' | 'detail'>,
): Promise<Finding> {
  const path = names.map(findProgram).find((found) => found !== undefined);
  if (path === undefined) return { what, detail: 'not installed', ...lack };
  return fine(what, `${await firstLine(path, versionArgs)} (${path})`);
}

/** Node and pnpm; both must fit by the time this runs on them. */
export async function toolchain(): Promise<Finding[]> {
  const pnpm = findProgram('pnpm');
  const version = pnpm === undefined ? undefined : await firstLine(pnpm, ['--version']);
  return [
    fine('Node', `${process.version} (${process.execPath})`),
    version?.startsWith('12.') === true
      ? fine('pnpm', `${version} (${pnpm})`)
      : optional(
          'pnpm',
          version === undefined ? 'not fetched yet' : `${version} does not fit`,
          './bailiff up fetches pnpm 12 into .tooling/',
        ),
  ];
}

/** Programs of the distribution. */
export async function programs(): Promise<Finding[]> {
  const install = (name: string) => `sudo apt-get install ${name}`;
  const chrome = process.env['CHROME_BIN'];
  const postgres = globSync('/usr/lib/postgresql/*/bin/postgres').at(-1) ?? 'postgres';
  return Promise.all([
    program('redis-server', ['redis-server'], ['--version'], {
      state: bringsRedis(process.env) ? 'optional' : 'missing',
      remedy: bringsRedis(process.env)
        ? `nothing to do: REDIS_URL and BAILIFF_EDGE_REDIS_URL name others; for ./bailiff test: ${install('redis-server')}`
        : `${install('redis-server')}, or set REDIS_URL and BAILIFF_EDGE_REDIS_URL`,
    }),
    program(
      'chromium',
      chrome === undefined ? ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'] : [chrome],
      ['--version'],
      {
        state: 'optional',
        remedy: `for ./bailiff test: ${install('chromium')}, or name one in CHROME_BIN`,
      },
    ),
    program('PostgreSQL', [postgres], ['--version'], {
      state: 'optional',
      remedy: `for ./bailiff test: ${install('postgresql')}`,
    }),
    program('shellcheck', ['shellcheck'], ['--version'], {
      state: 'optional',
      remedy: `for ./bailiff test: ${install('shellcheck')}`,
    }),
  ]);
}

/** fail2ban: installed, running, reachable for this user. */
export async function fail2ban(): Promise<Finding[]> {
  const client = findProgram('fail2ban-client');
  if (client === undefined)
    return [
      optional('fail2ban', 'not installed', 'to manage this host or run the demo: sudo apt-get install fail2ban'),
    ];
  const socket = process.env['BAILIFF_AGENT_FAIL2BAN_SOCKET'] ?? '/run/fail2ban/fail2ban.sock';
  return [fine('fail2ban', `${await firstLine(client, ['--version'])} (${client})`), await fail2banSocket(socket)];
}

async function fail2banSocket(socket: string): Promise<Finding> {
  const what = 'fail2ban socket';
  if (!existsSync(socket))
    return optional(
      what,
      `no ${socket}`,
      'start it (systemctl start fail2ban) to manage this host; the demo needs none',
    );
  try {
    accessSync(socket, constants.R_OK | constants.W_OK);
  } catch {
    return optional(what, `${socket} is closed to this user`, 'run ./bailiff up as root to manage this host');
  }
  if (await answers(socket)) return fine(what, socket);
  return optional(
    what,
    `nobody answers at ${socket}`,
    'systemctl status fail2ban, and its log, say why it does not run',
  );
}

/** Docker is only ever optional: tests start processes without it. */
export async function docker(): Promise<Finding[]> {
  const socket = process.env['DOCKER_HOST'] ?? '/var/run/docker.sock';
  const path = socket.replace(/^unix:\/\//, '');
  if (!path.startsWith('/')) return [fine('Docker', socket)];
  if (existsSync(path) && (await answers(path))) return [fine('Docker', path)];
  return [
    optional('Docker', `no engine at ${path}`, 'nothing to do: tests start Redis and PostgreSQL as processes instead'),
  ];
}

async function answers(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = createConnection(socket, () => {
      connection.destroy();
      resolve(true);
    });
    connection.once('error', () => resolve(false));
  });
}
