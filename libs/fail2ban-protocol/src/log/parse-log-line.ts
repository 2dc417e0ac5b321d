import type { LogEvent, LogEventBody, LogLineHead, LogLineLevel } from './log-event.js';

const HEAD =
  /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}) (fail2ban(?:\.\S{1,40})?)\s{0,40}\[(\d{1,10})\]: ([A-Z]{3,8})\s{1,8}([\s\S]*)$/;
const LEVELS: readonly string[] = ['CRITICAL', 'ERROR', 'WARNING', 'NOTICE', 'INFO', 'MSG', 'DEBUG', 'TRACE', 'HEAVY'];
const TIME = String.raw`(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)`;

type Reader = (match: RegExpExecArray, jail: string) => LogEventBody;
type Rule = readonly [RegExp, Reader];

const idOf = (kind: 'ban' | 'restoreBan' | 'unban' | 'repealBan' | 'alreadyBanned' | 'expired'): Reader => {
  return (match, jail) => ({ kind, jail, id: text(match, 1) });
};

/** Messages that begin with `[jail] `. Ids are free text: what follows the keyword, however odd, is the id. */
const jailRules: readonly Rule[] = [
  [/^Ban ([\s\S]*)$/, idOf('ban')],
  [/^Unban ([\s\S]*)$/, idOf('unban')],
  [
    new RegExp(String.raw`^Found ([\s\S]*), bad - ${TIME}, (\d+) # -> ([\d.]+)(, Ban)?$`),
    (match, jail) => ({
      kind: 'badFound',
      jail,
      id: text(match, 1),
      failureAt: text(match, 2),
      banCount: Number(match[3]),
      weight: Number(match[4]),
      isBan: match[5] !== undefined,
    }),
  ],
  [
    new RegExp(String.raw`^Found ([\s\S]*) - ${TIME}$`),
    (match, jail) => ({ kind: 'found', jail, id: text(match, 1), failureAt: text(match, 2) }),
  ],
  [/^Restore Ban ([\s\S]*)$/, idOf('restoreBan')],
  [/^Repeal Ban ([\s\S]*)$/, idOf('repealBan')],
  [
    /^Reban ([\s\S]*?)(?:, action '([^']*)')?$/,
    (match, jail) => {
      const action = match[2];
      const event = { kind: 'reban', jail, id: text(match, 1) } as const;
      return action === undefined ? event : { ...event, action };
    },
  ],
  [
    new RegExp(String.raw`^Increase Ban ([\s\S]*) \((\d+) # (.+?) -> (?:${TIME}|infinite)\)$`),
    (match, jail) => {
      const event = {
        kind: 'increaseBan',
        jail,
        id: text(match, 1),
        banCount: Number(match[2]),
        duration: text(match, 3),
      } as const;
      return match[4] === undefined ? event : { ...event, endsAt: match[4] };
    },
  ],
  [
    new RegExp(String.raw`^IP ([\s\S]*) is bad: (\d+) # last ${TIME} - incr (.+?) to (.+)$`),
    (match, jail) => ({
      kind: 'isBad',
      jail,
      id: text(match, 1),
      banCount: Number(match[2]),
      lastBanAt: text(match, 3),
      from: text(match, 4),
      to: text(match, 5),
    }),
  ],
  [
    new RegExp(String.raw`^Attempt ([\s\S]*) - ${TIME}$`),
    (match, jail) => ({ kind: 'attempt', jail, id: text(match, 1), failureAt: text(match, 2) }),
  ],
  [/^Ignore ([\s\S]*), expired bantime$/, idOf('expired')],
  [
    /^Ignore ([\s\S]*) by (ip|dns|command|ignoreself rule|file:.*)$/,
    (match, jail) => ({ kind: 'ignored', jail, id: text(match, 1), by: text(match, 2) }),
  ],
  [/^Flush ticket\(s\) with (.*)$/, (match, jail) => ({ kind: 'flush', jail, action: text(match, 1) })],
  [/^([\s\S]*) already banned$/, idOf('alreadyBanned')],
];

/** Other messages, from modules whose name ends in the key. */
const plainRules: Readonly<Record<string, readonly Rule[]>> = {
  'fail2ban.actions': [
    [
      /^Failed to (?:execute )?(ban|reban|unban|start|stop|flush bans in) jail '([^']*)' action '([^']*)'[\s:]*([\s\S]*)$/,
      (match) => ({
        kind: 'actionFailed',
        jail: text(match, 2),
        operation: text(match, 1).split(' ')[0] ?? '',
        action: text(match, 3),
        message: text(match, 4),
      }),
    ],
  ],
  'fail2ban.jail': [
    [/^Creating new jail '(.*)'$/, (match) => ({ kind: 'jailCreated', jail: text(match, 1) })],
    [/^Jail '(.*)' started$/, (match) => ({ kind: 'jailStarted', jail: text(match, 1) })],
    [/^Jail '(.*)' stopped$/, (match) => ({ kind: 'jailStopped', jail: text(match, 1) })],
  ],
  'fail2ban.server': [
    [/^Jail '(.*)' reloaded$/, (match) => ({ kind: 'jailReloaded', jail: text(match, 1) })],
    [/^Reload all jails$/, () => ({ kind: 'reloadStarted' })],
    // Without quotes it is the whole reload of one jail, with quotes one jail within a reload.
    [/^Reload jail (?!')(.*)$/, (match) => ({ kind: 'reloadStarted', jail: text(match, 1) })],
    [/^Reload finished\.$/, () => ({ kind: 'reloadFinished' })],
    [/^Starting Fail2ban v(.*)$/, (match) => ({ kind: 'starting', version: text(match, 1) })],
    [/^Shutdown in progress\.\.\.$/, () => ({ kind: 'shutdown' })],
    [/^Exiting Fail2ban$/, () => ({ kind: 'exited' })],
    [/^rollover performed on (.*)$/, (match) => ({ kind: 'rollover', path: text(match, 1) })],
  ],
  'fail2ban.filter': [
    [/^Added logfile: '(.*)' \(pos = .*\)$/, (match) => ({ kind: 'logfileAdded', path: text(match, 1) })],
    [/^Removed logfile: '(.*)'$/, (match) => ({ kind: 'logfileRemoved', path: text(match, 1) })],
  ],
  'fail2ban.transmitter': [
    [/^Command [\s\S]* has failed\./, (match) => ({ kind: 'commandFailed', message: match.input })],
  ],
};

/** Loggers whose messages about a jail count; a text in brackets elsewhere is somebody's output. */
const JAIL_LOGGERS = new Set(['fail2ban.actions', 'fail2ban.filter', 'fail2ban.observer']);
/** A jail's name may hold spaces and brackets: it ends with the first bracket that a space follows. */
const JAIL_MESSAGE = /^\[(.{0,256}?)\] ([\s\S]*)$/;

/**
 * Reads one line of fail2ban's log in its default format.
 * @param line without its line break
 * @returns undefined for lines that continue the one before (tracebacks, ids with line breaks) or have another format
 * @see fail2ban/fail2ban:fail2ban/server/actions.py and the other modules named in the lines
 */
export function parseLogLine(line: string): LogEvent | undefined {
  const match = HEAD.exec(line);
  if (match === null) return undefined;
  const level = text(match, 4);
  if (!isLevel(level)) return undefined;
  const head: LogLineHead = { at: text(match, 1), logger: text(match, 2), pid: Number(match[3]), level };
  return { ...head, ...readMessage(head.logger, text(match, 5)) };
}

function readMessage(logger: string, message: string): LogEventBody {
  const about = JAIL_LOGGERS.has(logger) ? JAIL_MESSAGE.exec(message) : null;
  const body =
    about === null
      ? firstMatch(plainRules[moduleOf(logger)] ?? [], message, '')
      : firstMatch(jailRules, text(about, 2), text(about, 1));
  return body ?? { kind: 'other', message };
}

/** `fail2ban.filterpyinotify` and the like log what `fail2ban.filter` logs. */
function moduleOf(logger: string): string {
  return logger.startsWith('fail2ban.filter') ? 'fail2ban.filter' : logger;
}

function firstMatch(rules: readonly Rule[], message: string, jail: string): LogEventBody | undefined {
  for (const [form, read] of rules) {
    const match = form.exec(message);
    if (match !== null) return read(match, jail);
  }
  return undefined;
}

function isLevel(text: string): text is LogLineLevel {
  return LEVELS.includes(text);
}

function text(match: RegExpExecArray, group: number): string {
  return match[group] ?? '';
}
