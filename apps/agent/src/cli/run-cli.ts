import type { CliCommand, CliContext } from './cli-command.js';

/** Loaded only when called for: a short command must not wait for the daemon's libraries. */
const COMMANDS: Readonly<Record<string, () => Promise<CliCommand>>> = {
  run: async () => (await import('./run.command.js')).runCommand,
  enrol: async () => (await import('./enrol.command.js')).enrolCommand,
  fingerprint: async () => (await import('./fingerprint.command.js')).fingerprintCommand,
  status: async () => (await import('./status.command.js')).statusCommand,
  doctor: async () => (await import('./doctor.command.js')).doctorCommand,
  f2b: async () => (await import('./f2b.command.js')).f2bCommand,
};

const HELP = `Usage: bailiff-agent COMMAND [OPTIONS]

The Bailiff agent: the only part of Bailiff that touches fail2ban on this host.

  run          runs the agent (what happens without a command)
  enrol URL    introduces this host to a console, with a one-time token
  fingerprint  prints the fingerprint of this host's keys
  status       shows fail2ban and the agent as seen from this host
  doctor       checks everything the agent needs and says what to do
  f2b          sends commands to fail2ban and prints the replies as JSON

"bailiff-agent COMMAND --help" tells more.
`;
const USAGE_EXIT = 2;

/** Runs one command line and ends the process with its exit code, except for the daemon, which ends itself. */
export async function runCli(argv: readonly string[], context: CliContext): Promise<void> {
  // A reader that went away (| head) is no error of ours.
  context.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  const code = await exitCodeOf(argv, context);
  if (code >= 0) process.exitCode = code;
}

async function exitCodeOf(argv: readonly string[], context: CliContext): Promise<number> {
  const [first] = argv;
  const isPlainHelp = first === '--help' || first === '-h' || first === 'help';
  if (isPlainHelp) {
    context.stdout.write(HELP);
    return 0;
  }
  const isNamed = first !== undefined && !first.startsWith('-');
  const name = isNamed ? first : 'run';
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (load === undefined) {
    context.stderr.write(`There is no command "${name}".\n\n${HELP}`);
    return USAGE_EXIT;
  }
  const command = await load();
  const args = isNamed ? argv.slice(1) : argv;
  const ownArgs = args.includes('--') ? args.slice(0, args.indexOf('--')) : args;
  if (ownArgs.includes('--help') || ownArgs.includes('-h')) {
    context.stdout.write(command.help);
    return 0;
  }
  try {
    return await command.run(args, context);
  } catch (error) {
    return explain(error, command, context);
  }
}

/** What we foresaw is told in a sentence; the rest with its stack. */
function explain(error: unknown, command: CliCommand, { stderr }: CliContext): number {
  const { code, kind } = (error ?? {}) as { code?: unknown; kind?: unknown };
  if (!(error instanceof Error) || (kind !== 'user' && kind !== 'operational')) throw error;
  stderr.write(`${error.message}\n`);
  if (code !== 'agent/usage') return 1;
  stderr.write(`\n${command.help}`);
  return USAGE_EXIT;
}
