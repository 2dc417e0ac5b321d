import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';

import {
  AclProvisioner,
  answerEnrolment,
  checkEnrolmentRequest,
  createEnrolmentToken,
  enrolledPublicKeys,
  gatewayPublicKeys,
  GatewayEndpoint,
  generateGatewayKeys,
  streamsGatewayTransport,
  type AgentPublicKeys,
  type StoredSession,
  type VerifiedBatch,
} from '@bailiff/agent-channel';
import type { Fail2banInstance } from '@bailiff/testing';

import { mainOf } from '../common/paths.ts';
import { poll } from '../common/wait.ts';
import { ToolError } from '../common/tool.error.ts';
import { agentEnvironment, agentPlan } from '../stack/app-plans.ts';
import { SupervisedChild } from '../stack/child.ts';
import type { DataDir } from '../stack/data-dir.ts';
import type { AgentTarget } from '../stack/host-fail2ban.ts';
import { preparePrivateRedis } from '../stack/private-redis.ts';

const run = promisify(execFile);
const agentId = 'b0b0b0b0b0b0b0b0';

/** What else a bench wants of the channel. */
export interface BenchGatewayOptions {
  /** Added to the environment of the agent's daemon. */
  readonly agentEnv?: Readonly<Record<string, string>>;
  /** Told of each event once, in order. */
  readonly onEvent?: (event: VerifiedBatch['events'][number]) => void;
}

/** The gateway's end of the channel alone (no HTTP API, no database), with a real agent process, a real Redis and a real
 *  fail2ban: what a command costs between gateway and fail2ban and back. */
export class BenchGateway implements AsyncDisposable {
  readonly #stops: (() => Promise<unknown>)[] = [];
  #endpoint: GatewayEndpoint | undefined;
  #agent: SupervisedChild | undefined;

  /** Starts Redis and the agent, enrols it, and waits until it is online. */
  static async start(
    data: DataDir,
    fail2ban: Fail2banInstance,
    options: BenchGatewayOptions = {},
  ): Promise<BenchGateway> {
    const gateway = new BenchGateway();
    try {
      await gateway.#start(data, fail2ban, options);
    } catch (error) {
      await gateway[Symbol.asyncDispose]();
      throw error;
    }
    return gateway;
  }

  /** A ping of the agent's fail2ban, signed and sealed both ways. */
  ping(): Promise<unknown> {
    return this.#online().call(agentId, 'host.ping', {});
  }

  /** Ends the agent's process politely; it is started again at once. Does not wait. */
  restartAgent(): void {
    const pid = this.#agent?.identity?.pid;
    if (pid !== undefined) process.kill(pid, 'SIGTERM');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const stop of this.#stops.splice(0).reverse()) await stop();
  }

  async #start(data: DataDir, fail2ban: Fail2banInstance, options: BenchGatewayOptions): Promise<void> {
    data.folder('logs');
    data.folder('run');
    data.folder('agent');
    const redis = await preparePrivateRedis(data);
    await this.#launch(new SupervisedChild(redis.plan, () => undefined));

    const keys = generateGatewayKeys();
    let agentKeys: AgentPublicKeys | undefined;
    let session: StoredSession | undefined;
    const { token, record } = createEnrolmentToken({ now: Date.now() });
    const provisioner = new AclProvisioner({ url: redis.provisionUrl });
    this.#stops.push(() => provisioner.close());
    const server = createServer((request, response) => {
      void (async () => {
        const checked = checkEnrolmentRequest({ record, request: JSON.parse(await bodyOf(request)), now: Date.now() });
        await provisioner.provision(agentId, checked.redisPasswordSha256);
        agentKeys = enrolledPublicKeys(checked);
        const answer = answerEnrolment({
          record,
          request: checked,
          agentId,
          gateway: gatewayPublicKeys(keys),
          redis: { url: redis.publicUrl },
        });
        response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
      })().catch((error: unknown) => response.writeHead(500).end(String(error)));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const target: AgentTarget = {
      description: 'the bench',
      env: {
        BAILIFF_AGENT_FAIL2BAN_SOCKET: fail2ban.socketPath,
        BAILIFF_AGENT_FAIL2BAN_CONFIG_DIR: fail2ban.configDir,
        BAILIFF_AGENT_FAIL2BAN_CLIENT: fail2ban.clientPath,
      },
    };
    writeFileSync(data.at('run/token'), `${token}\n`, { mode: 0o600 });
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await run(process.execPath, [mainOf.agent, 'enrol', url, '--token-file', data.at('run/token')], {
      env: agentEnvironment(data, target),
    });
    server.close();
    server.closeAllConnections();

    const endpoint = new GatewayEndpoint({
      keys,
      transport: streamsGatewayTransport({ url: redis.edgeUrl }),
      directory: { find: () => Promise.resolve(agentKeys), list: () => Promise.resolve([agentId]) },
      sessions: { load: () => Promise.resolve(session) },
      store: (batch) => {
        session = batch.session;
        for (const event of batch.events) options.onEvent?.(event);
        return Promise.resolve();
      },
      onPresence: () => undefined,
      onAlarm: () => undefined,
    });
    this.#endpoint = endpoint;
    this.#stops.push(() => endpoint.stop());
    await endpoint.start();
    const daemon = { ...target, env: { ...target.env, ...options.agentEnv } };
    this.#agent = new SupervisedChild(agentPlan(data, daemon), () => undefined);
    await this.#launch(this.#agent);
    const isOnline = await poll(() => (endpoint.isOnline(agentId) ? true : undefined), { withinMs: 30_000 });
    if (isOnline !== true)
      throw new ToolError('tools/bench-setup', `the agent does not come online; see ${data.at('logs/agent.log')}`);
  }

  async #launch(child: SupervisedChild): Promise<void> {
    this.#stops.push(() => child.stop());
    await child.start();
  }

  #online(): GatewayEndpoint {
    if (!this.#endpoint) throw new ToolError('tools/bench-setup', 'the gateway of the bench was not started');
    return this.#endpoint;
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}
