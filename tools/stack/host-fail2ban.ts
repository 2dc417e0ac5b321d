import { accessSync, constants, existsSync } from 'node:fs';

import { findProgram } from '../common/paths.ts';

/** Settings of the agent for the fail2ban it shall manage. */
export interface AgentTarget {
  readonly env: NodeJS.ProcessEnv;
  /** Where its jails' log files are, when not below /var/log. */
  readonly logRoot?: string;
  /** For people: which fail2ban this is. */
  readonly description: string;
}

const standardSockets = ['/run/fail2ban/fail2ban.sock', '/var/run/fail2ban/fail2ban.sock'];

/** The fail2ban of this host, or why there is none to manage. BAILIFF_AGENT_FAIL2BAN_* of the caller win. */
export function findHostFail2ban(env: NodeJS.ProcessEnv = process.env): AgentTarget | string {
  const client = env['BAILIFF_AGENT_FAIL2BAN_CLIENT'] ?? findProgram('fail2ban-client');
  const socket =
    env['BAILIFF_AGENT_FAIL2BAN_SOCKET'] ?? standardSockets.find((path) => existsSync(path)) ?? standardSockets[0]!;
  const own = {
    BAILIFF_AGENT_FAIL2BAN_SOCKET: socket,
    ...(client === undefined ? {} : { BAILIFF_AGENT_FAIL2BAN_CLIENT: client }),
  };
  if (existsSync(socket)) {
    if (canUse(socket)) return { env: own, description: `fail2ban at ${socket}` };
    return `the fail2ban at ${socket} answers its owner only; run ./bailiff up as root to manage it`;
  }
  if (client === undefined) return 'no fail2ban is installed on this machine (sudo apt-get install fail2ban)';
  if (process.getuid?.() !== 0)
    return 'fail2ban is not running here; start it and run ./bailiff up as root to manage it';
  return { env: own, description: `fail2ban, which is not running yet (no ${socket}); the agent waits for it` };
}

function canUse(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
