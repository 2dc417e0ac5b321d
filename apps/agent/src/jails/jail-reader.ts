import type { JailGetAnswer } from '@bailiff/contracts/agent';
import type { JailAction, JailEscalation, JailSettings, JailStatus } from '@bailiff/contracts/http';
import {
  type Fail2banClient,
  Fail2banRaisedError,
  type JailCommands,
  MalformedReplyError,
  PyGlobal,
  PyObject,
  type PyValue,
  ReplyTimeoutError,
  type RequestOptions,
  stringifyReply,
  UnknownJailError,
  UnreadableValueError,
} from '@bailiff/fail2ban-protocol';
import type { JailLogs } from './jail-log.js';
import { withoutSecrets } from './secret-properties.js';

/** Longest time for all getters of one jail together, milliseconds; what was not asked by then is left open. */
const DEADLINE_MS = 15_000;
const MAX_TEXT = 16_000;
const MAX_LIST = 300;
const MAX_FILES = 50;
/** All texts together: one answer fits the channel. */
const MAX_CHARS = 1_500_000;

type Asked = Omit<JailGetAnswer, 'status'>;

/** Asks fail2ban for everything about one jail, by small commands only: never for its bans. */
export class JailReader {
  constructor(
    private readonly client: Fail2banClient,
    private readonly logs: JailLogs,
  ) {}

  /** @throws {UnknownJailError} when it does not run */
  async read(name: string, status: JailStatus, backend: string | null, signal: AbortSignal): Promise<JailGetAnswer> {
    const asking = new Asking(AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)]));
    const jail = this.client.jail(name);
    // The jail's existence first: an error here is the answer.
    const maxretry = await jail.times.maxretry({ signal });
    const asked = await this.#ask(jail, asking, maxretry);
    return { ...asked, status, backend, unknown: asking.unknown, notes: asking.notes };
  }

  async #ask(jail: JailCommands, asking: Asking, maxretry: number): Promise<Asked> {
    const { filter, times, increment } = jail;
    const { text, list } = asking;
    const cache = await asking.about('ignorecache', (o) => filter.ignorecache(o));
    const date = await asking.about('datepattern', (o) => filter.datepattern(o));
    const settings: JailSettings = {
      maxretry,
      findtimeSeconds: await asking.about('findtime', (o) => times.findtime(o)),
      bantimeSeconds: await asking.about('bantime', (o) => times.bantime(o)),
      maxmatches: await asking.about('maxmatches', (o) => times.maxmatches(o)),
      maxlines: await asking.about('maxlines', (o) => filter.maxlines(o)),
      usedns: text(await asking.about('usedns', (o) => filter.usedns(o))),
      logencoding: text(await asking.about('logencoding', (o) => filter.logencoding(o))),
      logtimezone: text(await asking.about('logtimezone', (o) => filter.logtimezone(o))),
      datepattern: date && { pattern: text(date.pattern), name: text(date.name) ?? '' },
      prefregex: text(await asking.about('prefregex', (o) => filter.prefregex(o))),
      failregex: list('failregex', await asking.about('failregex', (o) => filter.failregex(o))),
      ignoreregex: list('ignoreregex', await asking.about('ignoreregex', (o) => filter.ignoreregex(o))),
      journalmatch: list(
        'journalmatch',
        (await asking.about('journalmatch', (o) => filter.journalmatch(o)))?.map((match) => match.join(' ')) ?? null,
      ),
      ignoreself: await asking.about('ignoreself', (o) => filter.ignoreself(o)),
      ignorecommand: text(await asking.about('ignorecommand', (o) => filter.ignorecommand(o))),
      ignorecache: cache && text(`key="${cache.key}", max-count=${cache.maxCount}, max-time=${cache.maxTimeSeconds}`),
    };
    const escalation: JailEscalation = {
      increment: await asking.about('bantime.increment', (o) => increment.enabled(o)),
      factor: text(await asking.about('bantime.factor', (o) => increment.factor(o))),
      formula: text(await asking.about('bantime.formula', (o) => increment.formula(o))),
      multipliers: text(await asking.about('bantime.multipliers', (o) => increment.multipliers(o))),
      maxtimeSeconds: await asking.about('bantime.maxtime', (o) => increment.maxtime(o)),
      rndtimeSeconds: await asking.about('bantime.rndtime', (o) => increment.rndtime(o)),
      overalljails: await asking.about('bantime.overalljails', (o) => increment.overalljails(o)),
    };
    const paths = (await asking.about('logpath', (o) => filter.logpath(o))) ?? [];
    if (paths.length > MAX_FILES) asking.notes.push(`Only ${MAX_FILES} of ${paths.length} log files are shown.`);
    const version = await asking.about('version', (o) => this.client.server.version(o));
    return {
      name: jail.name,
      source: 'running',
      backend: null,
      fail2banVersion: version?.text ?? null,
      at: new Date().toISOString(),
      settings: settings as Asked['settings'],
      escalation,
      logFiles: paths.slice(0, MAX_FILES).map((path) => this.logs.describe(path)),
      actions: (await this.#actions(jail, asking)) as Asked['actions'],
      unknown: [],
      notes: [],
    };
  }

  async #actions({ actions }: JailCommands, asking: Asking): Promise<JailAction[]> {
    const names = (await asking.about('actions', (o) => actions.names(o))) ?? [];
    const found: JailAction[] = [];
    for (const name of names.slice(0, 50)) {
      const properties: { name: string; value: string }[] = [];
      for (const property of (await asking.about(`${name} properties`, (o) => actions.properties(name, o))) ?? []) {
        const value = await asking.about(`${name} ${property}`, (o) => actions.property(name, property, o));
        if (isPlain(value)) properties.push({ name: asking.cut(property, 250), value: asking.cut(shown(value)) });
      }
      const methods = (await asking.about(`${name} methods`, (o) => actions.methods(name, o))) ?? [];
      found.push({
        name: asking.cut(name, 250),
        properties: withoutSecrets(properties.slice(0, MAX_LIST)).sort((a, b) => (a.name < b.name ? -1 : 1)),
        methods: methods.slice(0, MAX_LIST).map((method) => asking.cut(method, 250)),
      });
    }
    return found;
  }
}

/** Asks one thing after another; what a version cannot tell, or what there is no time for, is noted and left open. */
class Asking {
  readonly unknown: string[] = [];
  readonly notes: string[] = [];
  #room = MAX_CHARS;
  #isLate = false;

  constructor(private readonly signal: AbortSignal) {}

  async about<T>(what: string, ask: (options: RequestOptions) => Promise<T>): Promise<T | null> {
    if (!this.#isLate) {
      try {
        return await ask({ signal: this.signal });
      } catch (error) {
        if (error instanceof UnknownJailError) throw error;
        if (!isAboutOneGetter(error) && !this.signal.aborted) throw error;
        if (this.signal.aborted || error instanceof ReplyTimeoutError) this.#giveUp();
      }
    }
    if (this.unknown.length < 100) this.unknown.push(what.slice(0, 250));
    return null;
  }

  readonly text = (value: string | null): string | null => (value === null ? null : this.cut(value));

  readonly list = (what: string, values: readonly string[] | null): string[] => {
    if (values !== null && values.length > MAX_LIST)
      this.notes.push(`Only the first ${MAX_LIST} of ${values.length} ${what} are shown.`);
    return (values ?? []).slice(0, MAX_LIST).map((value) => this.cut(value));
  };

  cut(value: string, most = MAX_TEXT): string {
    const length = Math.max(0, Math.min(most, this.#room));
    this.#room -= Math.min(value.length, length);
    return value.length <= length ? value : `${value.slice(0, length)}…`;
  }

  #giveUp(): void {
    this.#isLate = true;
    this.notes.push('fail2ban was too busy to answer everything in time.');
  }
}

function isAboutOneGetter(error: unknown): boolean {
  return (
    error instanceof Fail2banRaisedError ||
    error instanceof UnreadableValueError ||
    error instanceof MalformedReplyError ||
    error instanceof ReplyTimeoutError
  );
}

/** Compiled patterns, loggers and the like are fail2ban's own affair. */
function isPlain(value: PyValue): boolean {
  return value !== null && !(value instanceof PyObject) && !(value instanceof PyGlobal);
}

function shown(value: PyValue): string {
  return typeof value === 'string' ? value : stringifyReply(value);
}
