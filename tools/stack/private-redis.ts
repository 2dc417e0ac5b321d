import { createHash, randomInt } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';

import { edgeAclLines } from '@bailiff/agent-channel';

import { findProgram } from '../common/paths.ts';
import { ToolError } from '../common/tool.error.ts';
import type { ChildPlan } from './child.ts';
import type { DataDir } from './data-dir.ts';
import { plainEnvironment } from './environment.ts';

const host = '127.0.0.1';

/** A redis-server of our own on loopback that plays both roles: the internal queue and the agents' edge. */
export interface PrivateRedis {
  readonly plan: ChildPlan;
  /** For gateway and worker, as user `int`: only BullMQ's keys. */
  readonly internalUrl: string;
  /** For the gateway, as user `gw`: only the agents' streams. */
  readonly edgeUrl: string;
  /** For enrolment, as user `prov`: only users. */
  readonly provisionUrl: string;
  /** What agents are told; each has its own user and password. */
  readonly publicUrl: string;
}

/** Writes configuration and users of the private redis-server. Its port and passwords stay the same from run to run,
 *  because enrolled agents remember them; the agents' own users in the file are kept.
 *  @throws {ToolError} when redis-server is missing or its port is taken */
export async function preparePrivateRedis(data: DataDir): Promise<PrivateRedis> {
  const program = findProgram('redis-server');
  if (program === undefined)
    throw new ToolError('tools/no-redis', 'redis-server is missing: sudo apt-get install redis-server');
  const dir = data.folder('redis');
  const free = await freePort();
  const port = Number(data.remembered('redis/port', () => String(free)));
  if (!(await isFree(port))) {
    throw new ToolError(
      'tools/port-taken',
      `port ${port} of the private Redis is taken by another program; end that, or remove ${data.at('redis/port')} and enrol remote agents again`,
    );
  }
  const passwords = { int: data.secret('redis-int'), gw: data.secret('redis-gw'), prov: data.secret('redis-prov') };
  writeAclFile(data.at('redis/users.acl'), passwords);
  writeFileSync(data.at('redis/redis.conf'), configuration(dir, port), { mode: 0o600 });
  const url = (user: keyof typeof passwords) => `redis://${user}:${passwords[user]}@${host}:${port}`;
  return {
    internalUrl: url('int'),
    edgeUrl: url('gw'),
    provisionUrl: url('prov'),
    publicUrl: `redis://${host}:${port}`,
    plan: {
      name: 'redis',
      program,
      args: [data.at('redis/redis.conf')],
      env: () => plainEnvironment(),
      logFile: data.at('logs/redis.log'),
      isReady: () => answersPing(port, 'int', passwords.int),
    },
  };
}

/** Limits as in infra/redis/edge.conf, with which this file must agree. */
function configuration(dir: string, port: number): string {
  return [
    `bind ${host}`,
    `port ${port}`,
    `dir "${dir}"`,
    `aclfile "${dir}/users.acl"`,
    'acllog-max-len 1000',
    'appendonly yes',
    'save ""',
    'maxmemory 512mb',
    'maxmemory-policy noeviction',
    'proto-max-bulk-len 1mb',
    'client-query-buffer-limit 1mb',
    'client-output-buffer-limit normal 32mb 16mb 10',
    'daemonize no',
    'logfile ""',
    '',
  ].join('\n');
}

function writeAclFile(path: string, passwords: { int: string; gw: string; prov: string }): void {
  const kept = existsSync(path)
    ? readFileSync(path, 'utf8')
        .split('\n')
        .filter((line) => line.startsWith('user ag-'))
    : [];
  const edge = edgeAclLines({
    gatewayPasswordSha256: sha256(passwords.gw),
    provisionerPasswordSha256: sha256(passwords.prov),
  });
  const lines = [
    ...edge.filter((line) => !line.startsWith('user default ')),
    ...internalAclLines(sha256(passwords.int)),
  ];
  writeFileSync(path, `${[...lines, ...kept].join('\n')}\n`, { mode: 0o600 });
}

/** Users of the internal role.
 *  @param passwordSha256 of user `int`, 64 hex digits */
export function internalAclLines(passwordSha256: string): string[] {
  return [
    // Nobody can be the default user, but Redis itself replays its append-only file as that user: without rights it would
    // drop every transaction of that file at start, and with them BullMQ's jobs (seen with 7.0.15).
    'user default off resetpass ~* &* +@all',
    // BullMQ runs scripts over keys it does not declare; its user therefore has the commands but only its own keys, and
    // those through which copies of the gateway count sign-in attempts and tell each other, and workers tell of their data.
    `user int on #${passwordSha256} resetchannels ~bull:* ~bailiff:counter:* ~bailiff:geo:* &bailiff:notices +@all -@admin -@dangerous +info`,
  ];
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Whether redis-server has loaded its data and lets this user in. */
async function answersPing(port: number, user: string, password: string): Promise<boolean> {
  return new Promise((resolve) => {
    let text = '';
    const socket = createConnection({ port, host }, () => socket.write(`AUTH ${user} ${password}\r\nPING\r\n`));
    const finish = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(1_000, () => finish(false));
    socket.on('error', () => finish(false));
    socket.on('close', () => finish(false));
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      if (text.split('\r\n').length > 2) finish(text === '+OK\r\n+PONG\r\n');
    });
  });
}

/** A loopback port nobody listens on, below the range from which the kernel takes ports of outgoing connections. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_000);
    if (await isFree(port)) return port;
  }
}

/** Whether a loopback port can be listened on. */
export async function isFree(port: number, address: string = host): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, address, () => server.close(() => resolve(true)));
  });
}
