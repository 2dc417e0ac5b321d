// ./bailiff doctor: explains what is missing or wrong and what to do about it. Changes nothing.
import { resolve } from 'node:path';

import { readOptions, runCommand } from './common/command.ts';
import { loadEnvFile } from './common/env-file.ts';
import { defaultDataDir } from './common/paths.ts';
import { isRunning } from './common/process-identity.ts';
import type { Finding } from './doctor/finding.ts';
import { checkout, dataDirectory, usualPort } from './doctor/stack-findings.ts';
import { docker, fail2ban, programs, toolchain } from './doctor/system-findings.ts';
import { readRunFile } from './stack/run-file.ts';

const marks: Readonly<Record<Finding['state'], string>> = { fine: 'ok  ', optional: '  - ', missing: 'NO  ' };
const port = 8420;

await runCommand(async () => {
  loadEnvFile();
  const { values } = readOptions({ 'data-dir': { type: 'string' }, json: { type: 'boolean' } });
  const dataDirs = values['data-dir'] === undefined ? Object.values(defaultDataDir) : [resolve(values['data-dir'])];
  const isPortOurs = dataDirs
    .map(readRunFile)
    .some((run) => run !== undefined && isRunning(run.supervisor) && run.url?.endsWith(`:${port}`) === true);
  const findings = [
    ...(await toolchain()),
    ...(await programs()),
    ...(await fail2ban()),
    ...(await docker()),
    ...checkout(),
    await usualPort(port, isPortOurs),
    ...dataDirs.flatMap(dataDirectory),
  ];
  const isHealthy = findings.every(({ state }) => state !== 'missing');
  if (values.json === true) process.stdout.write(`${JSON.stringify({ isHealthy, findings })}\n`);
  else
    process.stdout.write(
      `${findings.map(describe).join('\n')}\n\n${isHealthy ? 'Nothing stops ./bailiff up.' : 'Mend what is marked NO first.'}\n`,
    );
  return isHealthy ? 0 : 1;
});

function describe({ what, state, detail, remedy }: Finding): string {
  return `${marks[state]} ${what}: ${detail}${remedy === undefined ? '' : `\n       ${remedy}`}`;
}
