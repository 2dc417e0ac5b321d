import { CommandError } from '@bailiff/agent-channel';

/** Codes of lower layers and the one the gateway knows them by. */
const PUBLIC_CODES: Readonly<Record<string, string>> = {
  'fail2ban/shutting-down': 'fail2ban/unreachable',
  'fail2ban/reply-timeout': 'agent/outcome-unknown',
  'fail2ban/raised': 'fail2ban/refused',
  'fail2ban/invalid-command': 'fail2ban/refused',
  'fail2ban/invalid-value': 'fail2ban/refused',
  'fail2ban/malformed-reply': 'fail2ban/refused',
  'fail2ban/not-applied': 'fail2ban/refused',
  'fail2ban/unsupported-command': 'fail2ban/refused',
  'jail/invalid-name': 'jail/unsafe-name',
  'agent/policy-invalid': 'agent/policy-denied',
  'agent/unsafe-file': 'agent/policy-denied',
};
const KINDS = ['user', 'operational', 'bug'] as const;
const MAX_DETAIL = 1_000;

/** Any error as the answer to a command; what is not one of ours says nothing of itself. */
export function toCommandError(error: unknown): CommandError {
  if (error instanceof CommandError) return error;
  const { code, kind } = (error ?? {}) as { code?: unknown; kind?: unknown };
  const known = KINDS.find((one) => one === kind);
  if (!(error instanceof Error) || typeof code !== 'string' || !code.includes('/') || known === undefined)
    return new CommandError('agent/failed', 'The agent failed; its log says why', 'bug', undefined, { cause: error });
  return new CommandError(PUBLIC_CODES[code] ?? code, error.message.slice(0, MAX_DETAIL), known, undefined, {
    cause: error,
  });
}

/** Whether trying the next address would fail in the same way. */
export function isAboutFail2ban({ code }: CommandError): boolean {
  return code === 'fail2ban/unreachable' || code === 'fail2ban/busy' || code === 'agent/outcome-unknown';
}
