// ./bailiff demo: everything, with a private fail2ban and simulated attacks; nothing of the system is touched.
import { randomInt } from 'node:crypto';

import { runCommand, say } from './common/command.ts';
import { defaultDataDir } from './common/paths.ts';
import { fillHistory } from './demo/history.ts';
import { AttackSimulation } from './demo/attacks.ts';
import { preparePrivateFail2ban, type PrivateFail2ban } from './demo/private-fail2ban.ts';
import { runStack } from './stack/run-stack.ts';

let fail2ban: PrivateFail2ban | undefined;

await runCommand(() =>
  runStack({
    defaultDataDir: defaultDataDir.demo,
    prepare: (data) => {
      fail2ban = preparePrivateFail2ban(data);
      return { target: fail2ban.target, fail2ban };
    },
    before: async (data, { history, seed = 7 }) => {
      if (history !== undefined) await fillHistory(data, history, seed);
    },
    describe: () => [
      'A private fail2ban guards simulated services; their attackers are made up and go on until Ctrl-C.',
    ],
    accompany: (_summary, { seed = randomInt(2 ** 32) }) => {
      if (!fail2ban) return () => undefined;
      const attacks = new AttackSimulation(fail2ban.logs, seed);
      attacks.start();
      say(`Simulated attacks have begun (--seed ${seed}).`);
      return () => attacks.stop();
    },
  }),
);
