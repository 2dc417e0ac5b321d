import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { Redis } from 'ioredis';
import type { AgentConfig } from '../agent.config.js';
import { readEnrolment } from '../enrol/enrolment-files.js';
import { PolicyFile } from '../policy/policy-file.js';
import { AgentError } from '../state/agent.error.js';
import { checkPrivateFolder, ownUserId } from '../state/private-files.js';
import { check, type Check } from './check.js';
import { type CliCommand, parseCli, refuseWords } from './cli-command.js';
import { readAgentConfig } from './cli-config.js';
import { catalogueOf, type Fail2banView, viewFail2ban } from './host-view.js';

const MARKS = { ok: 'ok     ', warning: 'warning', failed: 'FAILED ' } as const;

/** `bailiff-agent doctor`: everything the agent needs, one by one. */
export const doctorCommand: CliCommand = {
  help: `Usage: bailiff-agent doctor [--json]

Checks what the agent needs on this host and says what to do about whatever is missing. Exits 1 when a check failed.
`,
  async run(args, context) {
    const { options, words } = parseCli(args, { json: { type: 'boolean' } });
    refuseWords(words);
    const checks = await runChecks(readAgentConfig(context));
    const text = options['json'] === true ? JSON.stringify({ checks }) : checks.map(render).join('\n');
    context.stdout.write(`${text}\n`);
    return checks.some(({ state }) => state === 'failed') ? 1 : 0;
  },
};

async function runChecks(config: AgentConfig): Promise<Check[]> {
  const { configDir, stateDir, fail2banSocket } = config;
  let view: Fail2banView | undefined;
  const checks = [
    checkUser(),
    await check('fail2ban answers', `Start fail2ban, or set BAILIFF_AGENT_FAIL2BAN_SOCKET`, async () => {
      view = await viewFail2ban(config);
      return `version ${view.version} at ${fail2banSocket}`;
    }),
    await check(
      'fail2ban configuration',
      'Mend what "fail2ban-client -t" reports, or set BAILIFF_AGENT_FAIL2BAN_PYTHON',
      async () => {
        const jails = await catalogueOf(config).list();
        return `${jails.filter(({ isEnabled }) => isEnabled).length} of ${jails.length} jails enabled`;
      },
    ),
  ];
  if (view !== undefined) checks.push(checkLog(view), await checkDatabase(view));
  return [
    ...checks,
    await check('configuration folder', `Make it with: install -d -m 0700 ${configDir}`, () =>
      privateFolder(configDir),
    ),
    await check('state folder', `Make it with: install -d -m 0700 ${stateDir}`, () => privateFolder(stateDir)),
    await check('policy', 'Enrol the host, or mend policy.json (owner root, mode 0600)', () => {
      const { groups } = new PolicyFile(configDir).current();
      return `grants ${[...groups].join(', ') || 'nothing'}`;
    }),
    await check('enrolment', 'Run "bailiff-agent enrol URL" with a token from the console', () => {
      const { identity, gatewayUrl } = readEnrolment(configDir);
      return `agent ${identity.agentId} of ${gatewayUrl}`;
    }),
    await check('connection to Redis', 'Let this host open connections to that address, or enrol it again', () =>
      reachRedis(configDir),
    ),
  ];
}

function checkUser(): Check {
  const name = 'user';
  if (ownUserId() === 0) return { name, state: 'ok', detail: 'root' };
  const remedy = "Run the agent as root unless fail2ban's socket, database and log belong to this user";
  return { name, state: 'warning', detail: `user ${ownUserId()}, not root`, remedy };
}

function checkLog({ logTarget, logLevel }: Fail2banView): Check {
  const name = 'fail2ban log';
  const isFile = logTarget.startsWith('/');
  const remedy = 'Set logtarget to a file and loglevel to INFO in fail2ban.local: unbans and failures come from there';
  if (!isFile) return { name, state: 'warning', detail: `fail2ban logs to ${logTarget}`, remedy };
  if (['CRITICAL', 'ERROR', 'WARNING'].includes(logLevel))
    return { name, state: 'warning', detail: `loglevel is ${logLevel}`, remedy };
  try {
    return { name, state: 'ok', detail: `${logTarget}, ${statSync(logTarget).size} bytes, ${logLevel}` };
  } catch (error) {
    return { name, state: 'failed', detail: `${logTarget}: ${(error as NodeJS.ErrnoException).code ?? ''}`, remedy };
  }
}

async function checkDatabase({ databasePath }: Fail2banView): Promise<Check> {
  const name = 'fail2ban database';
  const remedy = 'Set dbfile in fail2ban.local: details of bans come from there';
  if (databasePath?.startsWith('/') !== true)
    return { name, state: 'warning', detail: 'fail2ban keeps no database', remedy };
  return check(name, remedy, () => {
    const database = new DatabaseSync(databasePath, { readOnly: true, timeout: 2_000 });
    try {
      const row = database.prepare('SELECT count(*) AS bans FROM bans').get();
      return `${databasePath}, ${Number(row?.['bans'])} bans`;
    } finally {
      database.close();
    }
  });
}

function privateFolder(path: string): string {
  checkPrivateFolder(path);
  return path;
}

/** Connects as the agent does; that its one reading command is allowed says the rest. */
async function reachRedis(configDir: string): Promise<string> {
  const { redis, identity } = readEnrolment(configDir);
  const { url, username, password, ca } = redis;
  const client = new Redis(url, {
    username,
    password,
    lazyConnect: true,
    enableReadyCheck: false,
    disableClientInfo: true,
    protocol: 2,
    maxRetriesPerRequest: 0,
    connectTimeout: 5_000,
    retryStrategy: () => null,
    ...(ca === undefined ? {} : { tls: { ca } }),
  });
  let reason: Error | undefined;
  client.on('error', (error: Error) => (reason = error));
  try {
    await client.connect();
    await client.call('XREAD', 'COUNT', '1', 'STREAMS', `bailiff:{${identity.agentId}}:cmd`, '$');
    return `${new URL(url).host} as ${username}`;
  } catch (error) {
    throw new RedisUnusableError(new URL(url).host, reason ?? error);
  } finally {
    client.disconnect();
  }
}

/** Redis cannot be used; the message never holds the password. */
class RedisUnusableError extends AgentError {
  constructor(host: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super('edge/unavailable', 'operational', `${host}: ${reason}`, { cause });
  }
}

function render({ name, state, detail, remedy }: Check): string {
  return `${MARKS[state]}  ${name}: ${detail}${remedy === undefined ? '' : `\n         -> ${remedy}`}`;
}
