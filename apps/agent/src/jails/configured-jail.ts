import type { JailGetAnswer } from '@bailiff/contracts/agent';
import type { JailStatus } from '@bailiff/contracts/http';
import { parseTimeExpression } from '@bailiff/fail2ban-protocol';
import { compiledJails, type CompiledJail, type ConfigStream } from './config-stream.js';
import type { JailLogs } from './jail-log.js';
import { withoutSecrets } from './secret-properties.js';

/** A jail that does not run, as its files say: what a start would begin with. */
export function describeConfigured(
  name: string,
  status: JailStatus,
  stream: ConfigStream,
  logs: JailLogs,
): JailGetAnswer | undefined {
  const jail = compiledJails(stream).get(name);
  if (jail === undefined) return undefined;
  const option = (key: string): string | null => textOf(jail.options.get(key));
  const seconds = (key: string): number | null => secondsOf(jail.options.get(key));
  const flag = (key: string): boolean | null => flagOf(jail.options.get(key));
  const pattern = option('datepattern');
  return {
    name,
    status,
    source: 'configuration',
    backend: jail.backend,
    fail2banVersion: null,
    at: new Date().toISOString(),
    settings: {
      maxretry: seconds('maxretry'),
      findtimeSeconds: seconds('findtime'),
      bantimeSeconds: seconds('bantime'),
      maxmatches: seconds('maxmatches'),
      maxlines: seconds('maxlines'),
      usedns: option('usedns'),
      logencoding: option('logencoding'),
      logtimezone: option('logtimezone'),
      datepattern: pattern === null ? null : { pattern, name: pattern },
      prefregex: option('prefregex'),
      failregex: [...jail.failregex],
      ignoreregex: [...jail.ignoreregex],
      journalmatch: [...jail.journalmatch],
      ignoreself: flag('ignoreself'),
      ignorecommand: option('ignorecommand'),
      ignorecache: option('ignorecache'),
    },
    escalation: {
      increment: flag('bantime.increment'),
      factor: option('bantime.factor'),
      formula: option('bantime.formula'),
      multipliers: option('bantime.multipliers'),
      maxtimeSeconds: seconds('bantime.maxtime'),
      rndtimeSeconds: seconds('bantime.rndtime'),
      overalljails: flag('bantime.overalljails'),
    },
    logFiles: jail.logpaths.slice(0, 50).map((path) => logs.describe(path)),
    actions: actionsOf(jail),
    unknown: [],
    notes: stream.messages.slice(0, 10).map((message) => message.slice(0, 900)),
  };
}

function actionsOf({ actions }: CompiledJail): JailGetAnswer['actions'] {
  return [...actions].slice(0, 50).map(([name, properties]) => ({
    name: name.slice(0, 250),
    properties: withoutSecrets(
      properties.slice(0, 300).map(([key, value]) => ({ name: key.slice(0, 250), value: value.slice(0, 16_000) })),
    ),
    methods: [],
  }));
}

function textOf(value: string | number | boolean | undefined): string | null {
  return value === undefined ? null : String(value).slice(0, 16_000);
}

/** Seconds of a compiled option; null when it is not set, or only fail2ban itself may evaluate it. */
export function secondsOf(value: string | number | boolean | undefined): number | null {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return null;
  try {
    return parseTimeExpression(value) ?? null;
  } catch {
    return null; // An expression that only fail2ban itself may evaluate.
  }
}

/** A compiled option as fail2ban reads switches; null when it is not set. */
export function flagOf(value: string | number | boolean | undefined): boolean | null {
  if (value === undefined) return null;
  return typeof value === 'boolean' ? value : /^(?:1|on|true|yes)$/i.test(String(value));
}
