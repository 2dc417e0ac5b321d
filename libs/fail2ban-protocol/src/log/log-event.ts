/** Levels as fail2ban writes them. */
export type LogLineLevel = 'CRITICAL' | 'ERROR' | 'WARNING' | 'NOTICE' | 'INFO' | 'MSG' | 'DEBUG' | 'TRACE' | 'HEAVY';

/** `YYYY-MM-DD HH:MM:SS` in the server's local time, without zone. */
export type LocalTime = string;

/** What every line has. */
export interface LogLineHead {
  /** {@link LocalTime} with milliseconds behind a comma. */
  readonly at: string;
  /** `fail2ban` or `fail2ban.<module>`. */
  readonly logger: string;
  readonly pid: number;
  readonly level: LogLineLevel;
}

/** Something that concerns one id in one jail. The id is whatever the filter captured: untrusted text. */
interface OfId<K extends string> {
  readonly kind: K;
  readonly jail: string;
  readonly id: string;
}

interface OfJail<K extends string> {
  readonly kind: K;
  readonly jail: string;
}

interface Plain<K extends string> {
  readonly kind: K;
}

/** What a line of fail2ban's log says. */
export type LogEventBody =
  /** A failure was counted; `failureAt` is the time of the jail's own log line. */
  | (OfId<'found'> & { readonly failureAt: LocalTime })
  /** A failure of somebody who was banned before, counted `weight` times; comes besides `found`. */
  | (OfId<'badFound'> & {
      readonly failureAt: LocalTime;
      readonly banCount: number;
      readonly weight: number;
      readonly isBan: boolean;
    })
  /** The ban that follows will be longer; durations in fail2ban's rounded short form. */
  | (OfId<'isBad'> & {
      readonly banCount: number;
      readonly lastBanAt: LocalTime;
      readonly from: string;
      readonly to: string;
    })
  | (OfId<'attempt'> & { readonly failureAt: LocalTime })
  | OfId<'ban'>
  | OfId<'restoreBan'>
  | OfId<'unban'>
  /** Lifted because the jail stops (1.1.1+; before it is an `unban`). */
  | OfId<'repealBan'>
  | (OfId<'reban'> & { readonly action?: string })
  | OfId<'alreadyBanned'>
  /** Follows `ban`; absent `endsAt` means for ever. */
  | (OfId<'increaseBan'> & { readonly banCount: number; readonly duration: string; readonly endsAt?: LocalTime })
  /** A restored ban was dropped, since its time was over. */
  | OfId<'expired'>
  /** A failure was not counted. `by`: `ip`, `dns`, `command`, `ignoreself rule`, `file:…`. */
  | (OfId<'ignored'> & { readonly by: string })
  /** An action lifted all its bans at once; `unban` lines may follow. */
  | (OfJail<'flush'> & { readonly action: string })
  | (OfJail<'actionFailed'> & { readonly operation: string; readonly action: string; readonly message: string })
  | OfJail<'jailCreated'>
  | OfJail<'jailStarted'>
  | OfJail<'jailStopped'>
  | OfJail<'jailReloaded'>
  | (Plain<'reloadStarted'> & { readonly jail?: string })
  /** Also after a reload that failed. */
  | Plain<'reloadFinished'>
  | (Plain<'starting'> & { readonly version: string })
  | Plain<'shutdown'>
  | Plain<'exited'>
  | (Plain<'rollover'> & { readonly path: string })
  | (Plain<'logfileAdded'> & { readonly path: string })
  | (Plain<'logfileRemoved'> & { readonly path: string })
  /** A command on the socket was refused; the message holds its arguments, secrets included. */
  | (Plain<'commandFailed'> & { readonly message: string })
  | (Plain<'other'> & { readonly message: string });

export type LogEvent = LogLineHead & LogEventBody;
