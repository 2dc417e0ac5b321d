import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { AgentError } from '../state/agent.error.js';

/** No token was given. */
export class NoTokenError extends AgentError {
  constructor(problem: string, options?: ErrorOptions) {
    super('agent/no-token', 'user', problem, options);
  }
}

interface Terminal {
  readonly stdin: NodeJS.ReadStream;
  readonly stderr: NodeJS.WriteStream;
}

/**
 * The one-time token: from a file, from standard input (`-`), or asked for on the terminal without showing it. Never from
 * the arguments, which every user of the host can read.
 * @throws {NoTokenError}
 */
export async function readToken(file: string | undefined, terminal: Terminal): Promise<string> {
  const token = (await readText(file, terminal)).trim();
  if (token === '') throw new NoTokenError('The token is empty');
  return token;
}

async function readText(file: string | undefined, { stdin, stderr }: Terminal): Promise<string> {
  if (file === '-') return readAll(stdin);
  if (file !== undefined) {
    try {
      return readFileSync(file, 'utf8');
    } catch (cause) {
      throw new NoTokenError(`The token file ${file} cannot be read (${String((cause as { code?: unknown }).code)})`, {
        cause,
      });
    }
  }
  if (!stdin.isTTY)
    throw new NoTokenError(
      'There is no terminal to ask for the token: use --token-file FILE, or --token-file - for standard input',
    );
  return ask(stdin, stderr);
}

async function readAll(stdin: NodeJS.ReadStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stdin) chunks.push(Buffer.from(chunk as Buffer));
  return Buffer.concat(chunks).toString('utf8');
}

async function ask(stdin: NodeJS.ReadStream, stderr: NodeJS.WriteStream): Promise<string> {
  stderr.write('Enrolment token: ');
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: stdin, output: silent, terminal: true });
  try {
    return await lines.question('');
  } finally {
    lines.close();
    stderr.write('\n');
  }
}
