import { readFileSync, rmSync } from 'node:fs';

import { say } from '../common/command.ts';
import { identify } from '../common/process-identity.ts';
import { ToolError } from '../common/tool.error.ts';
import {
  agentPlan,
  bringsRedis,
  chooseRedis,
  gatewayPlan,
  readyFile,
  workerPlan,
  type RedisUrls,
} from './app-plans.ts';
import { SupervisedChild, type ChildPlan } from './child.ts';
import type { DataDir } from './data-dir.ts';
import type { AgentTarget } from './host-fail2ban.ts';
import { enrolLocalAgent, isEnrolled } from './local-agent.ts';
import { isFree, preparePrivateRedis } from './private-redis.ts';
import {
  removeRunFile,
  stopOrder,
  writeRunFile,
  type ChildName,
  type Fail2banPlace,
  type StackSummary,
} from './run-file.ts';

/** What differs between `up` and `demo`. */
export interface StackOptions {
  readonly data: DataDir;
  /** Port to listen on, or 0 for any free one. */
  readonly port: number;
  /** The fail2ban to manage, or why there is none. */
  readonly target: AgentTarget | string;
  /** A fail2ban to start as well. */
  readonly fail2ban?: { readonly plan: ChildPlan; readonly place: Fail2banPlace };
}

/** What the gateway writes once it listens. */
interface GatewayReady {
  readonly url: string;
  readonly port: number;
  readonly setupToken: string | null;
}

/** Redis, gateway, worker and agent (and a private fail2ban) as one thing that starts, keeps going and stops. */
export class Stack {
  readonly #options: StackOptions;
  readonly #children = new Map<ChildName, SupervisedChild>();
  readonly #abort = new AbortController();
  #port: number;

  constructor(options: StackOptions) {
    this.#options = options;
    this.#port = options.port;
  }

  /** Starts everything and waits until it serves; stops what it started when that fails.
   *  @throws {ToolError} naming the process that did not come up */
  async start(): Promise<StackSummary> {
    try {
      await this.#startAll();
    } catch (error) {
      await this.stop();
      throw error;
    }
    return this.summary();
  }

  /** Stops everything this stack started, agent first so that it can still hand over what it has. */
  async stop(): Promise<void> {
    this.#abort.abort();
    for (const name of stopOrder) await this.#children.get(name)?.stop();
    removeRunFile(this.#options.data.path);
    this.#options.data.release();
  }

  /** Addresses and process ids as of now. */
  summary(): StackSummary {
    const { data, fail2ban } = this.#options;
    const { url, setupToken } = this.#gatewayReady();
    return {
      url,
      setupUrl: setupToken === null ? url : `${url}/setup?token=${encodeURIComponent(setupToken)}`,
      setupToken,
      dataDir: data.path,
      pids: this.#pids(),
      ...(fail2ban ? { fail2ban: fail2ban.place } : {}),
    };
  }

  async #startAll(): Promise<void> {
    const { data, fail2ban, target } = this.#options;
    data.folder('logs');
    data.folder('run');
    for (const file of Object.values(readyFile)) rmSync(file(data), { force: true });
    if (this.#port !== 0 && !(await isFree(this.#port))) {
      throw new ToolError(
        'tools/port-taken',
        `port ${this.#port} is taken by another program; choose another with --port (0 = any free)`,
      );
    }
    const own = bringsRedis(process.env) ? undefined : await preparePrivateRedis(data);
    const redis = chooseRedis(process.env, own);
    await Promise.all([own && this.#launch('redis', own.plan), fail2ban && this.#launch('fail2ban', fail2ban.plan)]);
    await Promise.all([this.#launchGateway(redis), this.#launch('worker', workerPlan(data, redis))]);
    if (typeof target !== 'string') await this.#launchAgent(target);
  }

  async #launchGateway(redis: RedisUrls): Promise<void> {
    await this.#launch(
      'gateway',
      gatewayPlan(this.#options.data, redis, () => this.#port),
    );
    this.#port = this.#gatewayReady().port;
  }

  async #launchAgent(target: AgentTarget): Promise<void> {
    const { data } = this.#options;
    const { url } = this.#gatewayReady();
    const enrol = (withinMs: number) => enrolLocalAgent(data, target, url, { withinMs, signal: this.#abort.signal });
    if (isEnrolled(data) || (await enrol(5_000))) {
      await this.#launch('agent', agentPlan(data, target));
      return;
    }
    say('The gateway gave no token for the local agent yet; it is enrolled as soon as one comes.');
    void enrol(Number.POSITIVE_INFINITY)
      .then((enrolled) => (enrolled ? this.#launch('agent', agentPlan(data, target)) : undefined))
      .catch((error: unknown) => say(error instanceof Error ? error.message : String(error)));
  }

  async #launch(name: ChildName, plan: ChildPlan): Promise<void> {
    if (this.#abort.signal.aborted) return;
    const child = new SupervisedChild(plan, () => this.#record());
    this.#children.set(name, child);
    await child.start(this.#abort.signal);
  }

  #record(): void {
    const supervisor = identify(process.pid);
    if (!supervisor || this.#abort.signal.aborted) return;
    const identities = [...this.#children].flatMap(([name, { identity }]) =>
      identity ? [[name, identity] as const] : [],
    );
    const isListening = this.#tryGatewayReady() !== undefined;
    writeRunFile(this.#options.data.path, {
      supervisor,
      dataDir: this.#options.data.path,
      pids: this.#pids(),
      ...(isListening ? this.summary() : {}),
      processes: Object.fromEntries(identities),
    });
  }

  #pids(): StackSummary['pids'] {
    return Object.fromEntries(
      [...this.#children].flatMap(([name, { identity }]) => (identity ? [[name, identity.pid]] : [])),
    );
  }

  #gatewayReady(): GatewayReady {
    const ready = this.#tryGatewayReady();
    if (!ready) throw new ToolError('tools/gateway-silent', 'the gateway did not say where it listens');
    return ready;
  }

  #lastReady: GatewayReady | undefined;

  #tryGatewayReady(): GatewayReady | undefined {
    try {
      this.#lastReady = JSON.parse(readFileSync(readyFile.gateway(this.#options.data), 'utf8')) as GatewayReady;
    } catch {
      // Not written yet, or the gateway is being started again: what it said last still holds.
    }
    return this.#lastReady;
  }
}
