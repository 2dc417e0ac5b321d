import type { AgentConfig } from '../agent.config.js';
import { isEnrolled, readIdentity } from '../enrol/enrolment-files.js';
import { PolicyFile } from '../policy/policy-file.js';
import { type CliCommand, parseCli, refuseWords } from './cli-command.js';
import { readAgentConfig } from './cli-config.js';
import { type Fail2banView, viewFail2ban, waitingTickets } from './host-view.js';

interface StatusView {
  readonly agentId: string | null;
  readonly groups: readonly string[] | null;
  /** Tickets that wait for the gateway. */
  readonly waiting: number | null;
  readonly fail2ban: Fail2banView | null;
  /** Why fail2ban is null. */
  readonly reason: string | null;
}

/** `bailiff-agent status`: fail2ban and the agent, as seen from this host. */
export const statusCommand: CliCommand = {
  help: `Usage: bailiff-agent status [--json]

Shows whether fail2ban answers, its jails, and what waits for the gateway. Exits 1 when fail2ban cannot be reached.
`,
  async run(args, context) {
    const { options, words } = parseCli(args, { json: { type: 'boolean' } });
    refuseWords(words);
    const view = await viewHost(readAgentConfig(context));
    context.stdout.write(options['json'] === true ? `${JSON.stringify(view)}\n` : render(view));
    return view.fail2ban === null ? 1 : 0;
  },
};

async function viewHost(config: AgentConfig): Promise<StatusView> {
  const { configDir } = config;
  let reason: string | null = null;
  const fail2ban = await viewFail2ban(config).catch((error: unknown) => {
    reason = error instanceof Error ? error.message : String(error);
    return null;
  });
  return {
    agentId: isEnrolled(configDir) ? attempt(() => readIdentity(configDir).agentId) : null,
    groups: attempt(() => [...new PolicyFile(configDir).current().groups]),
    waiting: waitingTickets(config) ?? null,
    fail2ban,
    reason,
  };
}

function attempt<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null; // `doctor` says why.
  }
}

function render({ agentId, groups, waiting, fail2ban, reason }: StatusView): string {
  const lines = [
    `Agent:     ${agentId === null ? 'not enrolled' : `enrolled as ${agentId}`}`,
    `Grants:    ${groups === null ? 'no usable policy.json' : groups.join(', ') || 'nothing'}`,
    `Waiting:   ${waiting === null ? 'nothing yet' : `${waiting} tickets for the gateway`}`,
    `fail2ban:  ${fail2ban === null ? `not reachable: ${reason ?? ''}` : fail2ban.version}`,
  ];
  for (const jail of fail2ban?.jails.filter(({ status }) => status !== 'inactive') ?? []) {
    const { name, status, currentlyBanned = 0, totalBanned = 0, currentlyFailed = 0 } = jail;
    lines.push(
      `  ${name.padEnd(24)} ${status}, ${currentlyBanned} banned (${totalBanned} in all), ${currentlyFailed} failing`,
    );
  }
  return `${lines.join('\n')}\n`;
}
