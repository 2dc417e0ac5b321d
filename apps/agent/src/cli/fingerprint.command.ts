import { fingerprint, publicKeysOf } from '@bailiff/agent-channel';
import { readIdentity } from '../enrol/enrolment-files.js';
import { type CliCommand, parseCli, refuseWords } from './cli-command.js';
import { readAgentConfig } from './cli-config.js';

/** `bailiff-agent fingerprint`: what to compare with the console. */
export const fingerprintCommand: CliCommand = {
  help: `Usage: bailiff-agent fingerprint [--json]

Prints the fingerprint of this host's keys. It must equal what the console shows for this host.
`,
  run(args, context) {
    const { options, words } = parseCli(args, { json: { type: 'boolean' } });
    refuseWords(words);
    const { agentId, keys } = readIdentity(readAgentConfig(context).configDir);
    const print = fingerprint(publicKeysOf(keys));
    const text = options['json'] === true ? JSON.stringify({ agentId, fingerprint: print }) : print;
    context.stdout.write(`${text}\n`);
    return Promise.resolve(0);
  },
};
