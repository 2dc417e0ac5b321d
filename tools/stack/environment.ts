import { ToolError } from '../common/tool.error.ts';

/** The processes that read settings from the environment. */
export type ConfiguredApp = 'gateway' | 'worker' | 'agent';

const prefixesOf: Readonly<Record<ConfiguredApp, readonly string[]>> = {
  gateway: ['BAILIFF_GATEWAY_', 'BAILIFF_EDGE_'],
  worker: ['BAILIFF_WORKER_'],
  agent: ['BAILIFF_AGENT_'],
};
const sharedNames = ['BAILIFF_LOG_LEVEL'];
/** Plain names that only some processes may see: the worker, for one, must not know the database. */
const plainNames: Readonly<Record<string, readonly ConfiguredApp[]>> = {
  DATABASE_URL: ['gateway'],
  DATABASE_URL_FILE: ['gateway'],
  REDIS_URL: ['gateway', 'worker'],
  REDIS_URL_FILE: ['gateway', 'worker'],
};

/** Environment of one process: the caller's without any setting of ours, then the caller's settings meant for this
 *  process, then `own`. Each process gets only its own settings since an unknown one is an error there. */
export function environmentFor(
  app: ConfiguredApp,
  own: NodeJS.ProcessEnv,
  base: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv {
  const result: NodeJS.ProcessEnv = {};
  for (const [name, value] of Object.entries(base)) {
    if (!isSetting(name) || isMeantFor(app, name)) result[name] = value;
  }
  return { ...result, NODE_ENV: 'production', ...own };
}

/** Environment for a process that takes no settings of ours (redis-server, fail2ban). */
export function plainEnvironment(base: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(base).filter(([name]) => !isSetting(name)));
}

/** @throws {ToolError} naming every BAILIFF_ variable that no process reads */
export function refuseUnknownSettings(base: NodeJS.ProcessEnv = process.env): void {
  const known = [...Object.values(prefixesOf).flat(), ...sharedNames];
  const unknown = Object.keys(base).filter(
    (name) => name.startsWith('BAILIFF_') && !known.some((prefix) => name.startsWith(prefix)),
  );
  if (unknown.length > 0)
    throw new ToolError('tools/unknown-setting', `no process reads ${unknown.join(', ')}; check the spelling`);
}

function isSetting(name: string): boolean {
  return name.startsWith('BAILIFF_') || name in plainNames;
}

function isMeantFor(app: ConfiguredApp, name: string): boolean {
  const plain = plainNames[name];
  if (plain) return plain.includes(app);
  return sharedNames.includes(name) || prefixesOf[app].some((prefix) => name.startsWith(prefix));
}
