import { rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { acceptEnrolmentAnswer, createEnrolmentRequest, fingerprint, publicKeysOf } from '@bailiff/agent-channel';
import { ENROLMENT_PATH } from '@bailiff/contracts/http';
import got, { RequestError } from 'got';
import { AgentError } from '../state/agent.error.js';
import { ensurePrivateFolder, writePrivateFile } from '../state/private-files.js';
import { isEnrolled, writeEnrolment } from './enrolment-files.js';

/** The host has keys already. */
export class AlreadyEnrolledError extends AgentError {
  constructor(configDir: string) {
    super('agent/already-enrolled', 'user', `This host is enrolled already (${configDir}); --force replaces its keys`);
  }
}

/** The gateway did not answer, or refused. Nothing was written. */
export class EnrolmentFailedError extends AgentError {
  constructor(reason: string, options?: ErrorOptions) {
    super('agent/enrolment-failed', 'operational', `Enrolment failed and nothing was changed: ${reason}`, options);
  }
}

export interface EnrolHostOptions {
  readonly url: URL;
  readonly token: string;
  readonly configDir: string;
  readonly stateDir: string;
  /** Text of a new `policy.json`; undefined keeps the one that is there. */
  readonly policy: string | undefined;
  readonly force: boolean;
}

export interface EnrolledHost {
  readonly agentId: string;
  readonly fingerprint: string;
}

const TIMEOUT_MS = 30_000;
const MAX_ANSWER_BYTES = 256 * 1024;

/**
 * Exchanges keys with the gateway by a one-time token and writes `keys.json`, `redis.json` and `policy.json`. What an
 * earlier enrolment remembered is forgotten: to the new gateway all history is new.
 * @throws {AlreadyEnrolledError} {@link EnrolmentFailedError} {@link EnrolmentError} {@link UnsafeFileError}
 */
export async function enrolHost(options: EnrolHostOptions): Promise<EnrolledHost> {
  const { url, token, configDir, stateDir, policy, force } = options;
  if (isEnrolled(configDir) && !force) throw new AlreadyEnrolledError(configDir);
  // Folders first: a token is used up by the answer, so nothing may fail after it that can fail before.
  ensurePrivateFolder(configDir);
  ensurePrivateFolder(stateDir);
  const { request, pending } = createEnrolmentRequest({ token, hostName: hostname() });
  const answer = await post(new URL(ENROLMENT_PATH, withSlash(url)), request);
  const { identity, redis } = acceptEnrolmentAnswer({ pending, answer });
  for (const name of ['', '-wal', '-shm']) rmSync(join(stateDir, `state.sqlite3${name}`), { force: true });
  if (policy !== undefined) writePrivateFile(join(configDir, 'policy.json'), policy, { replace: true });
  writeEnrolment(configDir, { identity, redis, gatewayUrl: url.href }, { replace: force });
  return { agentId: identity.agentId, fingerprint: fingerprint(publicKeysOf(identity.keys)) };
}

async function post(url: URL, body: object): Promise<unknown> {
  try {
    const tooMuch = new AbortController();
    const request = got.post(url, {
      signal: tooMuch.signal,
      json: body,
      timeout: { request: TIMEOUT_MS },
      retry: { limit: 0 },
      followRedirect: false,
      throwHttpErrors: false,
    });
    void request.on('downloadProgress', ({ transferred }) => {
      if (transferred > MAX_ANSWER_BYTES) tooMuch.abort();
    });
    const { statusCode, body: text } = await request;
    const answer = parse(text);
    if (statusCode >= 200 && statusCode < 300 && answer !== undefined) return answer;
    throw new EnrolmentFailedError(reasonOf(statusCode, answer));
  } catch (error) {
    if (error instanceof RequestError)
      throw new EnrolmentFailedError(`${url.origin} cannot be reached (${error.code})`, { cause: error });
    throw error;
  }
}

function reasonOf(statusCode: number, answer: unknown): string {
  const detail = typeof answer === 'object' && answer !== null && 'detail' in answer ? answer.detail : undefined;
  if (typeof detail === 'string') return detail.slice(0, 500);
  if (statusCode >= 300 && statusCode < 400) return 'the gateway answers with a redirection: give its final URL';
  return `the answer has status ${statusCode} and is not one of a Bailiff gateway`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Keeps the path of a gateway that is hosted below one. */
function withSlash(url: URL): URL {
  return url.pathname.endsWith('/') ? url : new URL(`${url.pathname}/`, url);
}
