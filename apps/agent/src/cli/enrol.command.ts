import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { enrolHost } from '../enrol/enrol-host.js';
import { readToken } from '../enrol/read-token.js';
import { DEFAULT_GROUPS, parseGroups, renderPolicy } from '../policy/policy.js';
import { type CliCommand, parseCli, textOption } from './cli-command.js';
import { readAgentConfig } from './cli-config.js';
import { UsageError } from './usage.error.js';

/** `bailiff-agent enrol URL`: introduces this host to a console. */
export const enrolCommand: CliCommand = {
  help: `Usage: bailiff-agent enrol URL [--token-file FILE|-] [--grant GROUPS] [--force] [--json]

Introduces this host to the Bailiff gateway at URL with a one-time token from its page "Hosts". The token is asked for on
the terminal; it is never an argument, since every user of a host can read those.

  --token-file FILE  reads the token from a file, or from standard input with -
  --grant GROUPS     what the console may do here, e.g. read,ban (default), out of read, ban, firewall, config, raw
  --log-root DIR     a folder of log files the console may show, besides /var/log; with --grant only
  --force            replaces the keys of an earlier enrolment
`,
  async run(args, context) {
    const { options, words } = parseCli(args, {
      'token-file': { type: 'string' },
      grant: { type: 'string' },
      'log-root': { type: 'string' },
      force: { type: 'boolean' },
      json: { type: 'boolean' },
    });
    const url = urlOf(words);
    const grant = textOption(options, 'grant');
    const groups = grant === undefined ? DEFAULT_GROUPS : parseGroups(grant);
    const logRoot = textOption(options, 'log-root');
    if (logRoot !== undefined && grant === undefined) throw new UsageError('--log-root goes with --grant');
    const policy = renderPolicy(groups, logRoot);
    const { configDir, stateDir } = readAgentConfig(context);
    const token = await readToken(textOption(options, 'token-file'), context);
    const keepPolicy = grant === undefined && existsSync(join(configDir, 'policy.json'));
    const force = options['force'] === true;
    const host = await enrolHost({ url, token, configDir, stateDir, policy: keepPolicy ? undefined : policy, force });
    context.stdout.write(
      options['json'] === true
        ? `${JSON.stringify(host)}\n`
        : `Enrolled as ${host.agentId}.\nFingerprint, to compare with the console: ${host.fingerprint}\nNow start the agent: systemctl enable --now bailiff-agent\n`,
    );
    return 0;
  },
};

function urlOf(words: readonly string[]): URL {
  const [text, ...rest] = words;
  if (text === undefined || rest.length > 0) throw new UsageError('Give the URL of the gateway, and nothing besides');
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== 'https:' && url.protocol !== 'http:'))
    throw new UsageError(`"${text}" is not an http or https URL`);
  if (url.username !== '' || url.password !== '') throw new UsageError('The URL must not hold a user name or password');
  url.search = '';
  url.hash = '';
  return url;
}
