import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { JailReport } from '@bailiff/contracts/agent';
import { Fail2banClient } from '@bailiff/fail2ban-protocol';
import type { AgentConfig } from '../agent.config.js';
import { JailCatalogue } from '../fail2ban/jail-catalogue.js';
import { JailWatch } from '../fail2ban/jail-watch.js';

/** fail2ban as the command line sees it. */
export interface Fail2banView {
  readonly version: string;
  readonly databasePath: string | null;
  readonly logTarget: string;
  readonly logLevel: string;
  readonly jails: readonly JailReport[];
}

/** The jail catalogue that the settings name. */
export function catalogueOf(config: AgentConfig): JailCatalogue {
  return new JailCatalogue({
    configDir: config.fail2banConfigDir,
    pythonPath: config.fail2banPython,
    clientPath: config.fail2banClient,
  });
}

/** Asks fail2ban once. @throws an error of the protocol library when it does not answer */
export async function viewFail2ban(config: AgentConfig): Promise<Fail2banView> {
  await using client = new Fail2banClient({ socketPath: config.fail2banSocket });
  const version = await client.server.version({ timeoutMs: config.socketTimeoutMs });
  const { settings } = client;
  const configured = await catalogueOf(config)
    .list()
    .catch(() => []);
  return {
    version: version.text,
    databasePath: (await settings.dbfile()) ?? null,
    logTarget: await settings.logtarget(),
    logLevel: await settings.loglevel(),
    jails: await new JailWatch(client).read(configured),
  };
}

/** Tickets that wait for the gateway; undefined when there is no readable state. */
export function waitingTickets(config: AgentConfig): number | undefined {
  const path = join(config.stateDir, 'state.sqlite3');
  if (!existsSync(path)) return undefined;
  try {
    const database = new DatabaseSync(path, { readOnly: true, timeout: 1_000 });
    try {
      return Number(database.prepare('SELECT count(*) AS rows FROM outbox').get()?.['rows']);
    } finally {
      database.close();
    }
  } catch {
    return undefined; // Another user's, or damaged: doctor says which.
  }
}
