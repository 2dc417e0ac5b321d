import { existsSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

import { mainOf, repositoryRoot, webDir } from '../common/paths.ts';
import { isRunning } from '../common/process-identity.ts';
import { readRunFile } from '../stack/run-file.ts';
import { fine, missing, optional, type Finding } from './finding.ts';

/** Dependencies and build results of the checkout. */
export function checkout(): Finding[] {
  const isInstalled = existsSync(join(repositoryRoot, 'node_modules/.bailiff-lockfile'));
  const unbuilt = [...Object.values(mainOf), join(webDir, 'index.html')].filter((path) => !existsSync(path));
  return [
    isInstalled
      ? fine('dependencies', 'installed')
      : optional('dependencies', 'not installed yet', './bailiff up installs them'),
    unbuilt.length === 0
      ? fine('build', 'complete')
      : optional('build', `missing: ${unbuilt.join(', ')}`, './bailiff up builds it'),
  ];
}

/** Modes of a data directory and what runs in it. */
export function dataDirectory(path: string): Finding[] {
  const what = `data in ${path}`;
  if (!existsSync(path)) return [fine(what, 'not used yet')];
  const { mode, uid } = statSync(path);
  const findings: Finding[] = [];
  if (process.getuid && uid !== process.getuid())
    findings.push(missing(what, 'belongs to another user', 'choose another --data-dir, or run as that user'));
  else if ((mode & 0o077) !== 0)
    findings.push(missing(what, `mode ${(mode & 0o777).toString(8)}: others can read it`, `chmod 700 ${path}`));
  else findings.push(fine(what, 'private to this user'));
  return [...findings, ...processes(path)];
}

function processes(dataDir: string): Finding[] {
  const run = readRunFile(dataDir);
  const what = `processes in ${dataDir}`;
  if (!run) return [];
  const alive = Object.entries(run.processes).filter(([, identity]) => isRunning(identity));
  if (isRunning(run.supervisor))
    return [
      fine(
        what,
        `running at ${run.url ?? 'an address not known yet'}: ${alive.map(([name, { pid }]) => `${name} ${pid}`).join(', ')}`,
      ),
    ];
  const left =
    alive.length === 0
      ? 'a run ended without cleaning up'
      : `left behind by a run that was killed: ${alive.map(([name, { pid }]) => `${name} ${pid}`).join(', ')}`;
  return [optional(what, left, `./bailiff down --data-dir ${dataDir}`)];
}

/** Whether `./bailiff up` can listen on its usual port. */
export async function usualPort(port: number, isOurs: boolean): Promise<Finding> {
  const what = `port ${port}`;
  const isTaken = await new Promise<boolean>((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(true));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(false)));
  });
  if (!isTaken) return fine(what, 'free');
  if (isOurs) return fine(what, 'in use by Bailiff');
  return optional(what, 'taken by another program', './bailiff up --port 0 takes any free one');
}
