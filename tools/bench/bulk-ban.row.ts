import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import type { BulkDraft, BulkJob } from '@bailiff/contracts/http';
import { startFail2ban, tempDir } from '@bailiff/testing';

import { ToolError } from '../common/tool.error.ts';
import { DataDir } from '../stack/data-dir.ts';
import type { BenchApi } from './bench-api.ts';
import { BenchStack } from './bench-stack.ts';
import type { BenchRow } from './figure.ts';
import { Neighbour } from './neighbour.ts';
import { residentMegabytes, settled } from './process-cost.ts';
import { quantile } from './quantile.ts';

const entries = 30_000;
const costly = 3_000;
/** An action in Python, inside the server, whose every ban takes 2 ms. */
const slowAction = `import time
from fail2ban.server.action import ActionBase
class Action(ActionBase):
    def start(self): pass
    def stop(self): pass
    def ban(self, aInfo): time.sleep(0.002)
    def unban(self, aInfo): pass
`;

/** P3's fail2ban half: a long list is banned through fail2ban, and nobody else's command waits for it. */
export const bulkBanRow: BenchRow = {
  id: 'P3',
  title: 'A list through fail2ban',
  method:
    'A list of 30,000 addresses is banned through the whole stack (API, gateway, signed commands, agent, fail2ban 1.0.2) in a jail whose action costs nothing, and one of 3,000 in a jail whose action takes 2 ms a ban. Another client pings that fail2ban every 2 ms meanwhile; before, the same with nothing going on. The time runs from the request that starts the list to the answer that says it is done, the last result stored.',
  async run(report) {
    await using dir = await tempDir('bailiff-bench-');
    await using fail2ban = await startFail2ban({
      jails: { free: { bantime: -1, action: '' }, costly: { bantime: -1, action: '' } },
    });
    const action = join(dir.path, 'slow.py');
    await writeFile(action, slowAction);
    await fail2ban.client('set', 'costly', 'addaction', 'slow', action, '{}');
    await fail2ban.client('set', 'costly', 'action', 'slow', 'start');
    await using stack = await BenchStack.start(DataDir.open(join(dir.path, 'data')), fail2ban);
    await settled(stack.agentPid);
    const neighbour = new Neighbour(fail2ban.socketPath);
    try {
      const idle = await neighbour.pings(5_000);
      report("another client's ping, p99, nothing going on", quantile(idle, 0.99), 'ms');
      for (const [jail, count, what] of [
        ['free', entries, '30,000 addresses, no action'],
        ['costly', costly, '3,000 addresses, 2 ms a ban'],
      ] as const) {
        const { seconds, pings, megabytes } = await banList(stack, neighbour, jail, count);
        report(`${what}: whole list`, seconds, 's');
        report(`${what}: addresses a second`, count / seconds, '/s');
        report(`${what}: another client's ping, p50`, quantile(pings, 0.5), 'ms');
        report(`${what}: another client's ping, p99`, quantile(pings, 0.99), 'ms', { atMost: 20 });
        report(`${what}: resident memory of the agent, most`, megabytes, 'MB');
        await settled(stack.agentPid);
      }
    } finally {
      await neighbour.close();
    }
  },
};

/** Bans a list and measures until it is done. */
async function banList(
  stack: BenchStack,
  neighbour: Neighbour,
  jail: string,
  count: number,
): Promise<{ seconds: number; pings: number[]; megabytes: number }> {
  const { api, agentPid } = stack;
  const { id: host } = await api.onlineHost();
  const list = Array.from({ length: count }, (_, n) => `2001:db8:${jail === 'free' ? 1 : 2}::${(n + 1).toString(16)}`);
  const { job } = await upload(api, `direction=ban&hosts=${host}&jails=${jail}`, list.join('\n'));
  const pings: number[] = [];
  let isDone = false;
  const measuring = (async () => {
    while (!isDone) pings.push(...(await neighbour.pings(250)));
  })();
  const startedAt = performance.now();
  await api.request('POST', `/api/v1/bulk-jobs/${job.id}/start`, { confirmedEntries: count });
  let megabytes = 0;
  let state: BulkJob | undefined;
  while (state === undefined || state.endedAt === null) {
    await delay(100);
    megabytes = Math.max(megabytes, residentMegabytes(agentPid));
    state = await api.request<BulkJob>('GET', `/api/v1/bulk-jobs/${job.id}`);
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  isDone = true;
  await measuring;
  if (state.counts.done !== count)
    throw new ToolError('tools/bench-setup', `only ${state.counts.done} of ${count} were banned`);
  return { seconds, pings, megabytes };
}

function upload(api: BenchApi, query: string, list: string): Promise<BulkDraft> {
  return api.request<BulkDraft>(
    'POST',
    `/api/v1/bulk-jobs?${query}`,
    undefined,
    { 'Content-Type': 'text/plain' },
    list,
  );
}
