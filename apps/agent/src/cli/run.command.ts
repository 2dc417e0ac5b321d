import { type CliCommand, parseCli, refuseWords } from './cli-command.js';
import { readAgentConfig } from './cli-config.js';
import { becomeFrugal } from './frugal-process.js';

/** `bailiff-agent run`: the daemon. */
export const runCommand: CliCommand = {
  help: `Usage: bailiff-agent [run]

Runs the agent in the foreground until SIGTERM or SIGINT. The host must be enrolled.
Settings come from BAILIFF_AGENT_* variables; see the documentation.
`,
  async run(args, context) {
    refuseWords(parseCli(args, {}).words);
    const config = readAgentConfig(context);
    becomeFrugal(context.env);
    const { runAgent } = await import('../run.js');
    await runAgent(config);
    return NEVER_EXIT;
  },
};

/** The daemon has only begun: the process ends by its signal handlers. */
const NEVER_EXIT = -1;
