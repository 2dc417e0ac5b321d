import { once } from 'node:events';
import { isAbsolute } from 'node:path';
import { Fail2banClient, stringifyReply } from '@bailiff/fail2ban-protocol';
import { type CliCommand, type CliContext, type CliOptions, parseCli, textOption } from './cli-command.js';
import { splitLines } from './split-lines.js';
import { UsageError } from './usage.error.js';

const HELP = `Usage: bailiff-agent f2b [--socket PATH] [--timeout-ms N] [--json] -- WORD...
       bailiff-agent f2b [--socket PATH] [--timeout-ms N] --stdin

Sends one command to fail2ban over its socket, without fail2ban-client, and prints the reply as JSON.
Exits 1 when fail2ban raised an error or could not be reached; standard output then holds the error as JSON.

  --socket PATH    fail2ban's socket (default: BAILIFF_AGENT_FAIL2BAN_SOCKET or /run/fail2ban/fail2ban.sock)
  --timeout-ms N   longest wait for one reply (default: by kind of command)
  --json           accepted for scripts; the output is JSON anyway
  --stdin          reads one JSON array of words a line, prints one JSON reply a line, in order:
                   {"ok":true,"value":...} or {"ok":false,"error":{"type":"UnknownJailException","args":[...]}}
`;

/** `bailiff-agent f2b`: raw commands, for tests and support. */
export const f2bCommand: CliCommand = {
  help: HELP,
  async run(args, context) {
    const { options, words } = parseCli(args, {
      socket: { type: 'string' },
      'timeout-ms': { type: 'string' },
      json: { type: 'boolean' },
      stdin: { type: 'boolean' },
    });
    const isStdin = options['stdin'] === true;
    if (isStdin === words.length > 0) throw new UsageError('Give either the words of one command or --stdin');
    const timeoutMs = timeoutOf(options);
    const client = new Fail2banClient({ socketPath: await socketOf(options, context) });
    const send: Send = async (command) => {
      const value = await client.request(command, timeoutMs === undefined ? {} : { timeoutMs });
      return stringifyReply(value);
    };
    try {
      return isStdin ? await serveLines(send, context) : await sendOne(send, words, context);
    } finally {
      await client.close();
    }
  },
};

type Send = (words: readonly string[]) => Promise<string>;

async function sendOne(send: Send, words: readonly string[], { stdout, stderr }: CliContext): Promise<number> {
  try {
    stdout.write(`${await send(words)}\n`);
    return 0;
  } catch (error) {
    stdout.write(`${failureOf(error)}\n`);
    stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

/** One reply a line, in order. The next command is sent only after the reply: order is what the caller asked for. */
async function serveLines(send: Send, { stdin, stdout }: CliContext): Promise<number> {
  for await (const line of splitLines(stdin)) {
    const words = wordsOf(line);
    const reply = words === undefined ? badRequest() : await send(words).then(successOf, failureOf);
    if (!stdout.write(`${reply}\n`)) await once(stdout, 'drain');
  }
  return 0;
}

function wordsOf(line: string): readonly string[] | undefined {
  try {
    const value: unknown = JSON.parse(line);
    const isWords = Array.isArray(value) && value.length > 0 && value.every((word) => typeof word === 'string');
    return isWords ? value : undefined;
  } catch {
    return undefined;
  }
}

const successOf = (value: string) => `{"ok":true,"value":${value}}`;
const badRequest = () => errorText('BadRequest', ['not a JSON array of words (strings, at least one)']);

/** What fail2ban raised by its own name; what never reached it by ours. */
function failureOf(error: unknown): string {
  const { type, args, name, message } = error as { type?: unknown; args?: unknown; name?: string; message?: string };
  if (typeof type === 'string' && Array.isArray(args)) return errorText(type.split('.').at(-1) ?? type, args);
  return errorText(name ?? 'Error', [message ?? String(error)]);
}

function errorText(type: string, args: readonly unknown[]): string {
  const shown = args.map((arg) => stringifyReply(arg as Parameters<typeof stringifyReply>[0])).join(',');
  return `{"ok":false,"error":{"type":${JSON.stringify(type)},"args":[${shown}]}}`;
}

async function socketOf(options: CliOptions, context: CliContext): Promise<string> {
  const given = textOption(options, 'socket');
  if (given !== undefined) {
    if (!isAbsolute(given)) throw new UsageError('--socket must be an absolute path');
    return given;
  }
  // Loaded only here: checking settings takes longer than asking fail2ban.
  const { readAgentConfig } = await import('./cli-config.js');
  return readAgentConfig(context).fail2banSocket;
}

function timeoutOf(options: CliOptions): number | undefined {
  const text = textOption(options, 'timeout-ms');
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!/^\d{1,8}$/.test(text) || value < 1) throw new UsageError('--timeout-ms must be a whole number of milliseconds');
  return value;
}
