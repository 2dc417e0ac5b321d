import { execFile } from 'node:child_process';
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { promisify } from 'node:util';

import { mainOf } from '../common/paths.ts';
import { ToolError } from '../common/tool.error.ts';
import { poll } from '../common/wait.ts';
import { agentEnvironment, readyFile } from './app-plans.ts';
import type { DataDir } from './data-dir.ts';
import type { AgentTarget } from './host-fail2ban.ts';

const run = promisify(execFile);

/** Whether this data directory's agent has its keys and the gateway does not ask for a new enrolment. */
export function isEnrolled(data: DataDir): boolean {
  return existsSync(data.at('agent/config/keys.json')) && !existsSync(readyFile.enrolment(data));
}

/** Enrols the agent of this machine by the one-time token that the gateway leaves for it: the very enrolment that remote
 *  hosts use, only that nobody has to carry the token.
 *  @returns whether it was enrolled; false when no token came within `withinMs` milliseconds
 *  @throws {ToolError} when the gateway or the agent refuses */
export async function enrolLocalAgent(
  data: DataDir,
  target: AgentTarget,
  url: string,
  { withinMs, signal }: { withinMs: number; signal?: AbortSignal | undefined },
): Promise<boolean> {
  const tokenFile = readyFile.enrolment(data);
  const token = await poll(
    () => (existsSync(tokenFile) ? readFileSync(tokenFile, 'utf8').trim() || undefined : undefined),
    { withinMs, everyMs: 100, signal },
  );
  if (token === undefined) return false;
  setAside(data);
  data.folder('agent');
  const logRoot = target.logRoot === undefined ? [] : ['--log-root', target.logRoot];
  const args = ['enrol', url, '--token-file', tokenFile, '--grant', 'read,ban,config', ...logRoot];
  try {
    await run(process.execPath, [mainOf.agent, ...args], {
      env: agentEnvironment(data, target),
      timeout: 60_000,
    });
  } catch (error) {
    const said = (error as { stderr?: string }).stderr?.trim();
    throw new ToolError('tools/enrol-failed', `the local agent could not be enrolled: ${said || String(error)}`, {
      cause: error,
    });
  }
  rmSync(tokenFile, { force: true });
  return true;
}

/** Keys the gateway no longer knows (its data was removed, or the host was deleted there) make room for new ones. */
function setAside(data: DataDir): void {
  const config = data.at('agent/config');
  if (!existsSync(data.at('agent/config/keys.json'))) return;
  rmSync(data.at('agent/config.old'), { recursive: true, force: true });
  renameSync(config, data.at('agent/config.old'));
  rmSync(data.at('agent/state.old'), { recursive: true, force: true });
  if (existsSync(data.at('agent/state'))) renameSync(data.at('agent/state'), data.at('agent/state.old'));
}
