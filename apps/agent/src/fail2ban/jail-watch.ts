import type { JailReport } from '@bailiff/contracts/agent';
import {
  type Fail2banClient,
  isWatchedJailName,
  type JailCounters,
  UnknownJailError,
} from '@bailiff/fail2ban-protocol';
import { shownJail } from '../history-feed/ban-row.js';
import type { ConfiguredJail } from './jail-catalogue.js';

interface JailSettings {
  readonly findtimeSeconds: number;
  readonly bantimeSeconds: number;
  readonly maxretry: number;
}

/** Of a jail with a name that fail2ban takes for a setting only this is known: it runs. */
interface RunningJail extends Partial<JailCounters> {
  readonly backend?: string;
}

/** Longest list of jails that a report carries. */
const MAX_JAILS = 2_000;
/** Settings can be changed over the socket without a trace, so they are asked for again now and then. */
const SETTINGS_MAX_AGE_MS = 10 * 60_000;

/** Reads counters and settings of all jails with small commands only: never a list of bans. */
export class JailWatch {
  readonly #settings = new Map<string, JailSettings>();
  #settingsReadMs = 0;

  /** @param isIdle whether a running jail was set idle; fail2ban cannot be asked */
  constructor(
    private readonly client: Fail2banClient,
    private readonly isIdle: (jail: string) => boolean = () => false,
  ) {}

  /** Asks for settings again next time: fail2ban started or reloaded. */
  forgetSettings(): void {
    this.#settings.clear();
  }

  /** Every jail that runs or is configured, by name. */
  async read(configured: readonly ConfiguredJail[]): Promise<JailReport[]> {
    const running = await this.#running();
    await this.#readSettings([...running.keys()]);
    const reports = new Map<string, JailReport>();
    for (const { name: full, isEnabled, backend } of configured) {
      const name = shownJail(full);
      if (name === undefined) continue;
      const status = isEnabled ? 'stopped' : 'inactive';
      reports.set(name, { name, status, ...(backend === undefined ? {} : { backend }) });
    }
    for (const [full, { backend, currentlyBanned, totalBanned, currentlyFailed, totalFailed }] of running) {
      const name = shownJail(full);
      if (name === undefined) continue;
      reports.set(name, {
        ...reports.get(name),
        ...(backend === undefined ? {} : { backend }),
        ...this.#settings.get(full),
        name,
        status: this.isIdle(full) ? 'idle' : 'running',
        ...(currentlyBanned === undefined ? {} : { currentlyBanned }),
        ...(totalBanned === undefined ? {} : { totalBanned }),
        ...(currentlyFailed === undefined ? {} : { currentlyFailed }),
        ...(totalFailed === undefined ? {} : { totalFailed }),
      });
    }
    return [...reports.values()].sort((a, b) => (a.name < b.name ? -1 : 1)).slice(0, MAX_JAILS);
  }

  async #running(): Promise<Map<string, RunningJail>> {
    const version = await this.client.server.version();
    if (version.atLeast('1.1.0')) return this.client.server.stats();
    const { jails } = await this.client.server.status();
    const found = await Promise.all(
      jails.map(async (name): Promise<(readonly [string, RunningJail])[]> => {
        if (!isWatchedJailName(name)) return [[name, {}]];
        const status = await ignoreGone(this.client.watch(name).statusShort());
        return status === undefined ? [] : [[name, status]];
      }),
    );
    return new Map(found.flat());
  }

  async #readSettings(jails: readonly string[]): Promise<void> {
    if (Date.now() - this.#settingsReadMs > SETTINGS_MAX_AGE_MS) this.#settings.clear();
    const missing = jails.filter((name) => isWatchedJailName(name) && !this.#settings.has(name));
    if (missing.length === 0) return;
    this.#settingsReadMs = Date.now();
    for (const name of missing) {
      const jail = this.client.watch(name);
      const read = Promise.all([jail.findtime(), jail.bantime(), jail.maxretry()]);
      const values = await ignoreGone(read);
      if (values === undefined) continue;
      const [findtimeSeconds, bantimeSeconds, maxretry] = values;
      this.#settings.set(name, { findtimeSeconds, bantimeSeconds, maxretry });
    }
  }
}

/** Jails come and go while they are asked about. */
async function ignoreGone<T>(asking: Promise<T>): Promise<T | undefined> {
  try {
    return await asking;
  } catch (error) {
    if (error instanceof UnknownJailError) return undefined;
    throw error;
  }
}
