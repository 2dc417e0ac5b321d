import { mainOf, webDir } from '../common/paths.ts';
import { ToolError } from '../common/tool.error.ts';
import type { ChildPlan } from './child.ts';
import type { DataDir } from './data-dir.ts';
import { environmentFor } from './environment.ts';
import type { AgentTarget } from './host-fail2ban.ts';
import type { PrivateRedis } from './private-redis.ts';

/** Where the processes find the two Redis roles. */
export interface RedisUrls {
  readonly internal: string;
  readonly edge: string;
  readonly provision: string;
  readonly public: string;
}

/** The caller's own servers where named, the private one for the rest.
 *  @throws {ToolError} when the caller names an edge server without what enrolment needs */
export function chooseRedis(env: NodeJS.ProcessEnv, own: PrivateRedis | undefined): RedisUrls {
  const edge = given(env, 'BAILIFF_EDGE_REDIS_URL');
  const provision = edge === undefined ? own?.provisionUrl : given(env, 'BAILIFF_EDGE_PROVISION_REDIS_URL');
  const url = {
    internal: given(env, 'REDIS_URL') ?? own?.internalUrl,
    edge: edge ?? own?.edgeUrl,
    provision,
    public: given(env, 'BAILIFF_EDGE_PUBLIC_URL') ?? (edge === undefined ? own?.publicUrl : undefined),
  };
  if (url.internal === undefined || url.edge === undefined || url.provision === undefined || url.public === undefined) {
    throw new ToolError(
      'tools/edge-incomplete',
      'with BAILIFF_EDGE_REDIS_URL also set BAILIFF_EDGE_PROVISION_REDIS_URL and BAILIFF_EDGE_PUBLIC_URL',
    );
  }
  return { internal: url.internal, edge: url.edge, provision: url.provision, public: url.public };
}

/** Whether the caller brings servers for both roles. */
export function bringsRedis(env: NodeJS.ProcessEnv): boolean {
  return given(env, 'REDIS_URL') !== undefined && given(env, 'BAILIFF_EDGE_REDIS_URL') !== undefined;
}

/** A setting; empty is as good as none, as it is to the processes. */
function given(env: NodeJS.ProcessEnv, name: string): string | undefined {
  return env[name] === '' ? undefined : env[name];
}

/** Files through which the stack and its processes tell each other that they serve. */
export const readyFile = {
  gateway: (data: DataDir) => data.at('run/gateway.json'),
  worker: (data: DataDir) => data.at('run/worker.json'),
  agent: (data: DataDir) => data.at('run/agent.json'),
  enrolment: (data: DataDir) => data.at('run/local-enrolment'),
};

/**
 * V8's young generation, MB. With 50,000 bans the gateway then has 280 to 330 MB resident instead of 425, and uses a tenth more
 * processor time to take them in. The worker gets the same; what that does there was not measured.
 */
export const serverFlags = ['--max-semi-space-size=4'] as const;

/** Memory pools for all threads together. Measured only along with the flags above. */
export const serverMalloc = { MALLOC_ARENA_MAX: '2' } as const;

/** @param port asked at every start: 0 the first time means any free one, later starts keep the one that was found */
export function gatewayPlan(data: DataDir, redis: RedisUrls, port: () => number): ChildPlan {
  return {
    name: 'gateway',
    program: process.execPath,
    args: [...serverFlags, mainOf.gateway],
    env: () => ({
      ...serverMalloc,
      // The caller may choose these; the rest is the stack's own affair.
      BAILIFF_GATEWAY_HOST: '127.0.0.1',
      BAILIFF_GATEWAY_WEB_DIR: webDir,
      ...environmentFor('gateway', {
        BAILIFF_GATEWAY_PORT: String(port()),
        BAILIFF_GATEWAY_DATA_DIR: data.folder('gateway'),
        BAILIFF_GATEWAY_READY_FILE: readyFile.gateway(data),
        BAILIFF_GATEWAY_LOCAL_ENROLMENT_FILE: readyFile.enrolment(data),
        REDIS_URL: redis.internal,
        BAILIFF_EDGE_REDIS_URL: redis.edge,
        BAILIFF_EDGE_PROVISION_REDIS_URL: redis.provision,
        BAILIFF_EDGE_PUBLIC_URL: redis.public,
      }),
    }),
    logFile: data.at('logs/gateway.log'),
    readyFile: readyFile.gateway(data),
  };
}

/** The worker: it gets the internal queue and nothing else. */
export function workerPlan(data: DataDir, redis: RedisUrls): ChildPlan {
  return {
    name: 'worker',
    program: process.execPath,
    args: [...serverFlags, mainOf.worker],
    env: () => ({
      ...serverMalloc,
      ...environmentFor('worker', { REDIS_URL: redis.internal, BAILIFF_WORKER_READY_FILE: readyFile.worker(data) }),
    }),
    logFile: data.at('logs/worker.log'),
    readyFile: readyFile.worker(data),
  };
}

/** Environment of the agent, for the daemon and for its command line alike. */
export function agentEnvironment(data: DataDir, target: AgentTarget): NodeJS.ProcessEnv {
  return environmentFor('agent', {
    ...target.env,
    BAILIFF_AGENT_CONFIG_DIR: data.at('agent/config'),
    BAILIFF_AGENT_STATE_DIR: data.at('agent/state'),
    BAILIFF_AGENT_READY_FILE: readyFile.agent(data),
  });
}

/** One memory pool for all threads: the agent mostly waits, and is a guest on somebody else's server. */
export const agentMalloc = { MALLOC_ARENA_MAX: '1' } as const;

/** The agent's daemon. */
export function agentPlan(data: DataDir, target: AgentTarget): ChildPlan {
  return {
    name: 'agent',
    program: process.execPath,
    args: [mainOf.agent, 'run'],
    env: () => ({ ...agentEnvironment(data, target), ...agentMalloc }),
    logFile: data.at('logs/agent.log'),
    readyFile: readyFile.agent(data),
  };
}
