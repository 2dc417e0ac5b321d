import type { NetworkSupportArgs, NetworkSupportResult } from '@bailiff/contracts/agent';
import { type Fail2banClient, UnknownJailError } from '@bailiff/fail2ban-protocol';
import type { CommandHandlers } from '../commands/command-table.js';
import { GuardSource } from '../commands/guard-source.js';
import type { OwnAddresses } from '../commands/own-addresses.js';
import type { PolicyFile } from '../policy/policy-file.js';
import type { OriginMarks } from '../state/origin-marks.js';
import type { StateDatabase } from '../state/state-database.js';
import { AllowList, type AllowNews } from './allow-list.js';
import { AllowStore } from './allow-store.js';
import type { TimedNews } from './group-work.js';
import { NetworkReach } from './network-reach.js';
import { startDoubtOf, type StartDoubt } from './start-doubt.js';
import { TimedBanStore } from './timed-ban-store.js';
import { TimedBans } from './timed-bans.js';
import { WallClock } from './wall-clock.js';

export interface TimedFeatureOptions {
  readonly client: Fail2banClient;
  readonly state: StateDatabase;
  readonly policy: PolicyFile;
  readonly own: OwnAddresses;
  readonly marks: OriginMarks;
  databasePath(): string | undefined;
  /** What the host's configuration tells a jail to ignore; undefined when it cannot be read. */
  configuredIgnores(jail: string): Promise<readonly string[] | undefined>;
  /** For the host's own record: what was done on nobody's command. */
  readonly onNews: (news: TimedNews | AllowNews) => void;
  readonly onError: (error: unknown) => void;
}

type TimedHandlers = Pick<CommandHandlers, 'allow.sync' | 'guard.list' | 'jails.networks'>;

/** What the agent does by the clock and by itself: timed bans, allow entries, and the guard that knows them. */
export class TimedFeature {
  readonly bans: TimedBans;
  readonly allowed: AllowList;
  readonly guards: GuardSource;
  readonly reach: NetworkReach;
  readonly #doubt: StartDoubt;

  constructor(options: TimedFeatureOptions) {
    const { client, state, policy, own, marks, onNews, onError } = options;
    this.#doubt = startDoubtOf(state);
    const newClock = () => new WallClock(undefined, undefined, this.#doubt);
    this.reach = new NetworkReach(client);
    this.bans = new TimedBans({
      store: new TimedBanStore(state),
      state,
      client,
      marks,
      clock: newClock(),
      allowedIn: (jail) => this.allowed.judgeOf(jail),
      databasePath: () => options.databasePath(),
      onNews,
      onError,
    });
    this.allowed = new AllowList({
      store: new AllowStore(state),
      client,
      timed: this.bans,
      clock: newClock(),
      configuredIgnores: (jail) => options.configuredIgnores(jail),
      onNews,
      onError,
    });
    this.guards = new GuardSource(own, policy, () => this.allowed.networks());
  }

  start(): void {
    this.bans.start();
    this.allowed.start();
  }

  async stop(): Promise<void> {
    this.allowed.stop();
    await this.bans.stop();
  }

  /** fail2ban or one of its jails started, or was configured anew. */
  lookAfresh(): void {
    this.reach.forget();
    this.bans.lookAfresh();
    this.allowed.lookAfresh();
  }

  /** The gateway has said what time it is, milliseconds since the epoch. */
  hearTime(gatewayMs: number): void {
    this.#doubt.hear(gatewayMs);
    this.bans.lookSoon();
    this.allowed.lookSoon();
  }

  handlers(): TimedHandlers {
    return {
      'allow.sync': (args) => this.allowed.sync(args),
      'guard.list': () => this.guards.list(),
      'jails.networks': (args, signal) => this.#networks(args, signal),
    };
  }

  async #networks({ jails }: NetworkSupportArgs, signal: AbortSignal): Promise<NetworkSupportResult> {
    const found: NetworkSupportResult['jails'][number][] = [];
    for (const name of jails) {
      try {
        const { jail, ipv4, ipv6, action } = await this.reach.of(name, { signal });
        found.push({ jail, ipv4, ipv6, action });
      } catch (error) {
        if (!(error instanceof UnknownJailError)) throw error;
      }
    }
    return { jails: found };
  }
}
