// ./bailiff up: everything on this machine, for the host's own fail2ban.
import { runCommand } from './common/command.ts';
import { defaultDataDir } from './common/paths.ts';
import { findHostFail2ban } from './stack/host-fail2ban.ts';
import { runStack } from './stack/run-stack.ts';

await runCommand(() => {
  const target = findHostFail2ban();
  return runStack({
    defaultDataDir: defaultDataDir.up,
    prepare: () => target,
    describe: () => [typeof target === 'string' ? `No local agent: ${target}.` : `Managing ${target.description}.`],
  });
});
