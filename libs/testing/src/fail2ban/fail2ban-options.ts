import type { NetworkNamespace } from '../network/network-namespace.js';
import type { Fail2banVersion } from './fail2ban-version.js';

/** One jail of a private fail2ban. What is left out gets a value that suits tests, not fail2ban's own default. */
export interface JailOptions {
  /** Failures within `findtime` that cause a ban; 3 unless told. */
  readonly maxretry?: number;
  /** Seconds; 600 unless told. */
  readonly findtime?: number;
  /** Seconds, -1 for permanent, or fail2ban's own spelling such as `1h`; 600 unless told. */
  readonly bantime?: number | string;
  /** Pattern of a failure, as in a filter file (`%` doubled); matches the lines of `appendFailures` unless told. */
  readonly failregex?: string;
  /** A stock filter of that fail2ban version by name, such as `sshd`, with options if wanted: `sshd[mode=aggressive]`. */
  readonly filter?: string;
  /** Log file(s), as in jail.conf; a file of the jail's own in the instance's folder unless told. */
  readonly logpath?: string;
  /** `polling` unless told. */
  readonly backend?: string;
  /** As in jail.conf; unless told a command that appends `<jail> ban|unban <address>` to `actionLogPath`. Empty for none. */
  readonly action?: string;
  /** Whether the jail is started; true unless told. */
  readonly enabled?: boolean;
  /** Further settings of the jail, as in jail.conf. */
  readonly extra?: Readonly<Record<string, string>>;
}

/** Settings of `startFail2ban`. */
export interface Fail2banOptions {
  /** 1.0.2 unless told. */
  readonly version?: Fail2banVersion;
  /** By name: letters, digits, `_`, `.` and `-`. */
  readonly jails: Readonly<Record<string, JailOptions>>;
  /** INFO unless told. */
  readonly loglevel?: string;
  /** How long the database keeps bans, as in fail2ban.conf; `1d` unless told. */
  readonly dbpurgeage?: string;
  /** Further settings of fail2ban.conf's `[Definition]`. */
  readonly globals?: Readonly<Record<string, string>>;
  /** Copies that version's stock filters and actions into the configuration, also when no jail names a stock filter. */
  readonly stockConfig?: boolean;
  /** Added to the environment of the server and of its client, e.g. `TZ`. */
  readonly env?: Readonly<Record<string, string>>;
  /** Existing folder to keep everything in; the caller then owns it. A new temporary one unless told. */
  readonly dir?: string;
  /** Runs the server inside this network namespace. */
  readonly networkNamespace?: NetworkNamespace;
}
