import { startFail2ban, tempDir } from '@bailiff/testing';

import { DataDir } from '../stack/data-dir.ts';
import { BenchStack } from './bench-stack.ts';
import type { BenchRow } from './figure.ts';
import { cpuShare, residentMegabytes, settled } from './process-cost.ts';

const idleSeconds = 60;

/** P8: what the agent takes from the host while nothing happens. */
export const agentFootprintRow: BenchRow = {
  id: 'P8',
  title: 'The agent at rest',
  method: `The agent of the whole stack, connected, with a real fail2ban of five jails in which nothing happens: resident memory, and processor time over ${idleSeconds} s.`,
  async run(report) {
    const jails = Object.fromEntries(
      ['sshd', 'nginx-http-auth', 'nginx-botsearch', 'postfix', 'dovecot'].map((name) => [name, {}]),
    );
    await using fail2ban = await startFail2ban({ jails });
    await using dir = await tempDir('bailiff-bench-');
    await using stack = await BenchStack.start(DataDir.open(dir.path), fail2ban);
    await settled(stack.agentPid, 10);
    const share = await cpuShare(stack.agentPid, idleSeconds);
    report('resident memory of the agent', residentMegabytes(stack.agentPid), 'MB', { atMost: 100 });
    report('share of one core, idle', share * 100, '%', { atMost: 0.2 });
  },
};
