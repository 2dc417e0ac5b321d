import type { Fail2banInstance } from '@bailiff/testing';

import { ToolError } from '../common/tool.error.ts';
import type { DataDir } from '../stack/data-dir.ts';
import { Stack } from '../stack/stack.ts';
import { BenchApi } from './bench-api.ts';

/** The whole of Bailiff as `./bailiff up` starts it, set up and signed in, for a private fail2ban. */
export class BenchStack implements AsyncDisposable {
  readonly api: BenchApi;
  readonly agentPid: number;
  /** Process ids by name. */
  readonly pids: Readonly<Partial<Record<string, number>>>;
  readonly #stack: Stack;

  private constructor(stack: Stack, api: BenchApi, pids: BenchStack['pids'], agentPid: number) {
    this.#stack = stack;
    this.api = api;
    this.pids = pids;
    this.agentPid = agentPid;
  }

  static async start(data: DataDir, fail2ban: Fail2banInstance): Promise<BenchStack> {
    const env = {
      BAILIFF_AGENT_FAIL2BAN_SOCKET: fail2ban.socketPath,
      BAILIFF_AGENT_FAIL2BAN_CONFIG_DIR: fail2ban.configDir,
      BAILIFF_AGENT_FAIL2BAN_CLIENT: fail2ban.clientPath,
    };
    const stack = new Stack({ data, port: 0, target: { env, description: 'the bench' } });
    const { url, setupToken, pids } = await stack.start();
    try {
      if (setupToken === null || pids.agent === undefined)
        throw new ToolError('tools/bench-setup', 'no setup token, or no agent');
      const api = await BenchApi.setUp(url, setupToken);
      await api.onlineHost();
      return new BenchStack(stack, api, pids, pids.agent);
    } catch (error) {
      await stack.stop();
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.stop();
  }
}
