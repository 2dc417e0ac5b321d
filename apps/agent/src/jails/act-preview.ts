import { CommandError } from '@bailiff/agent-channel';
import type { JailPreviewAnswer } from '@bailiff/contracts/agent';
import type { JailActEffect, JailActRate, JailActWarning } from '@bailiff/contracts/http';
import {
  type Fail2banClient,
  InvalidJailNameError,
  isJailName,
  type JailName,
  UnknownJailError,
} from '@bailiff/fail2ban-protocol';
import type { ActionRates } from './action-rates.js';
import { commandText, isCompiling, isRestarting, type PlainAct } from './act-words.js';
import { compiledJails, type CompiledJail, type ConfigStream, refusalOf } from './config-stream.js';
import { flagOf, secondsOf } from './configured-jail.js';
import { ConfigurationRefusedError, type HostFail2ban } from './host-fail2ban.js';
import type { IdleJails } from './idle-jails.js';
import { countRestorable } from './restorable-bans.js';
import { backendOf, isOtherBackend } from './running-backend.js';

export interface ActPreviewOptions {
  readonly client: Fail2banClient;
  readonly host: HostFail2ban;
  readonly rates: ActionRates;
  readonly idle: IdleJails;
  /** fail2ban's database; undefined when there is none. */
  databasePath(): string | undefined;
}

type Warn = (code: JailActWarning['code'], jail?: string, detail?: string) => void;
/** A compiled configuration, or why there is none. */
type Compiled = { readonly jails: ReadonlyMap<string, CompiledJail> } | { readonly refusal: string };

/** One flush command lifts any number of bans in about this time, seconds. */
const FLUSH_SECONDS = 1;

/** Says what an act will do to bans before it is done, from fail2ban's counters, its database and measured speeds. */
export class ActPreview {
  constructor(private readonly options: ActPreviewOptions) {}

  /** @throws {CommandError} `jail/unknown` when there is no such jail */
  async of(act: PlainAct, signal: AbortSignal): Promise<JailPreviewAnswer> {
    const running = await this.#running(signal);
    const warnings: JailActWarning[] = [];
    const warn: Warn = (code, jail, detail) =>
      warnings.push({ code, jail: jail ?? null, detail: detail?.slice(0, 1_900) ?? null });
    const compiled = isCompiling(act) ? await this.#compile(act) : undefined;
    const names = this.#names(act, [...running].filter(isJailName), compiled);
    if (act.jail === undefined) for (const jail of running) if (!isJailName(jail)) warn('unsafe-name', jail);
    const effects: JailActEffect[] = [];
    for (const jail of names) effects.push(await this.#effect(act, jail, running.has(jail), compiled, warn, signal));
    const refused = compiled !== undefined && 'refusal' in compiled ? compiled.refusal : undefined;
    const refusal =
      refused ?? (act.act === 'restart-server' ? await this.options.host.whyNotRestart() : undefined) ?? null;
    const { seconds, rates, isFlush } = await this.#estimate(effects, act, signal);
    if (act.unban === true && effects.length > 0) warn('history-deleted', act.jail);
    return {
      act: act.act,
      command: commandText(act),
      effects,
      estimateSeconds: refusal === null ? seconds : null,
      rates,
      isFlush,
      warnings,
      cheaper: refusal === null ? await this.#cheaper(act, effects, compiled, signal) : null,
      refusal,
    };
  }

  /** Names of the jails that run. */
  async #running(signal: AbortSignal): Promise<ReadonlySet<string>> {
    return new Set((await this.options.client.server.status({ signal })).jails);
  }

  async #compile({ jail }: PlainAct): Promise<Compiled> {
    let stream: ConfigStream;
    try {
      stream = await this.options.host.compile(jail);
    } catch (error) {
      if (error instanceof ConfigurationRefusedError) return { refusal: error.message };
      throw error;
    }
    const refusal = refusalOf(stream);
    return refusal === undefined ? { jails: compiledJails(stream) } : { refusal };
  }

  #names({ act, jail, ifExists }: PlainAct, running: readonly JailName[], compiled: Compiled | undefined): string[] {
    if (jail === undefined) {
      const configured = compiled !== undefined && 'jails' in compiled ? [...compiled.jails.keys()] : [];
      return [...new Set([...running, ...configured.filter(isJailName)])].sort();
    }
    if (!isJailName(jail)) throw new InvalidJailNameError(jail);
    const isStarting = act === 'start' || ifExists === true;
    if (!running.some((name) => name === jail) && !isStarting)
      throw new CommandError('jail/unknown', `No jail named "${jail}" is running`);
    return [jail];
  }

  async #effect(
    act: PlainAct,
    jail: string,
    isRunning: boolean,
    compiled: Compiled | undefined,
    warn: Warn,
    signal: AbortSignal,
  ): Promise<JailActEffect> {
    const banned = isRunning ? await this.#banned(jail, signal) : 0;
    const still = { jail, banned, lifted: 0, rebanned: 0 };
    const wasIdle = this.options.idle.has(jail);
    if (act.act === 'idle-on') {
      warn('idle-keeps-bans', jail);
      return { ...still, becomes: 'pauses' };
    }
    if (act.act === 'idle-off') return { ...still, becomes: 'resumes' };
    if (act.act === 'stop') {
      warn('not-persistent', jail);
      return { ...still, becomes: 'stops', lifted: banned };
    }
    const configured = compiled !== undefined && 'jails' in compiled ? compiled.jails.get(jail) : undefined;
    const isKnown = compiled !== undefined && 'jails' in compiled;
    if (isKnown && configured?.isStarted !== true) {
      if (isRunning) warn('jail-disappears', jail);
      return { ...still, becomes: 'stops', lifted: banned };
    }
    if (!isRunning) {
      if (act.act !== 'start') warn('jail-appears', jail);
      return {
        ...still,
        becomes: 'starts',
        rebanned: act.unban === true ? 0 : (this.#restorable(configured, jail) ?? 0),
      };
    }
    if (isRestarting(act)) return this.#restartEffect(act, still, configured, warn);
    if (configured !== undefined && (await this.#changesBackend(configured, warn, signal)))
      return this.#restartEffect(act, still, configured, warn);
    if (wasIdle) warn('idle-ends', jail);
    if (configured !== undefined) await this.#compareActions(configured, warn, signal);
    return { ...still, becomes: 'runs', lifted: act.unban === true ? banned : 0 };
  }

  #restartEffect(
    { unban }: PlainAct,
    effect: Omit<JailActEffect, 'becomes'>,
    configured: CompiledJail | undefined,
    warn: Warn,
  ): JailActEffect {
    const { jail, banned } = effect;
    const restorable = unban === true ? 0 : this.#restorable(configured, jail);
    if (restorable === null) warn('no-database', jail);
    const rebanned = restorable ?? 0;
    if (unban !== true && restorable !== null && rebanned < banned) warn('bans-lost', jail, String(banned - rebanned));
    return { ...effect, becomes: 'runs', lifted: banned, rebanned };
  }

  #restorable(configured: CompiledJail | undefined, jail: string): number | null {
    const option = (name: string) => configured?.options.get(name);
    const isGrowing = flagOf(option('bantime.increment')) === true;
    // Of a time that only fail2ban itself may evaluate nothing is known: every row whose own time is not over counts.
    const longest = isGrowing ? secondsOf(option('bantime.maxtime')) : secondsOf(option('bantime') ?? 600);
    return countRestorable(this.options.databasePath(), jail, longest ?? undefined);
  }

  /** A plain reload cannot change the set of actions of a running jail, and may leave it without any. */
  async #compareActions({ name, actions }: CompiledJail, warn: Warn, signal: AbortSignal): Promise<void> {
    const runs = [...(await this.options.client.jail(name).actions.names({ signal }))].sort();
    const wanted = [...actions.keys()].sort();
    if (runs.join('\n') === wanted.join('\n')) return;
    warn('actions-not-changed', name, `${runs.join(', ') || '–'} → ${wanted.join(', ') || '–'}`);
  }

  /** fail2ban restarts a jail whose backend is another one, also where only a reload was asked for. */
  async #changesBackend({ name, backend }: CompiledJail, warn: Warn, signal: AbortSignal): Promise<boolean> {
    const running = await backendOf(this.options.client.jail(name), signal);
    if (running === undefined || !isOtherBackend(running, backend)) return false;
    warn('backend-changes', name, `${running} → ${backend}`);
    return true;
  }

  async #banned(jail: string, signal: AbortSignal): Promise<number> {
    try {
      return (await this.options.client.jail(jail).statusShort({ signal })).currentlyBanned;
    } catch (error) {
      if (error instanceof UnknownJailError) return 0;
      throw error;
    }
  }

  async #estimate(effects: readonly JailActEffect[], act: PlainAct, signal: AbortSignal) {
    const rates: JailActRate[] = [];
    let [seconds, isFlush]: [number | null, boolean] = [0, effects.some(({ lifted }) => lifted > 0)];
    const add = (bans: number, rate: JailActRate | undefined, instead?: number) => {
      if (bans === 0) return;
      if (rate !== undefined) rates.push(rate);
      const needed = rate === undefined ? instead : bans / rate.perSecond;
      seconds = seconds === null || needed === undefined ? null : seconds + needed;
    };
    for (const { jail, lifted, rebanned } of effects) {
      const flushes = lifted > 0 && (await this.#flushes(jail, signal));
      isFlush &&= lifted === 0 || flushes;
      const kinds = flushes || act.unban === true ? (['lift'] as const) : (['lift', 'unban'] as const);
      add(lifted, this.options.rates.find(jail, kinds), flushes ? FLUSH_SECONDS : undefined);
      add(rebanned, this.options.rates.find(jail, ['restore', 'ban']));
    }
    return { seconds: seconds === null ? null : Number(seconds.toPrecision(3)), rates, isFlush };
  }

  /** Whether each action of the jail lifts all its bans by one command. */
  async #flushes(jail: string, signal: AbortSignal): Promise<boolean> {
    try {
      const { actions } = this.options.client.jail(jail);
      for (const name of await actions.names({ signal })) {
        const flush = await actions.property(name, 'actionflush', { signal });
        if (typeof flush !== 'string' || flush.trim() === '') return false;
      }
      return true;
    } catch (error) {
      // Python actions have no such property.
      if ((error as { code?: unknown }).code === 'fail2ban/unreachable') throw error;
      return false;
    }
  }

  /** The gentlest command with the same end: a restart is needed only for another backend or other actions. */
  async #cheaper(
    { act, jail, unban }: PlainAct,
    effects: readonly JailActEffect[],
    compiled: Compiled | undefined,
    signal: AbortSignal,
  ): Promise<JailPreviewAnswer['cheaper']> {
    const isRestart = act === 'restart' || act === 'restart-all' || act === 'restart-server';
    if (!isRestart || unban === true || effects.every(({ lifted }) => lifted === 0)) return null;
    if (compiled === undefined || !('jails' in compiled)) return null;
    let changes = 0;
    for (const { jail: name, becomes } of effects) {
      const configured = compiled.jails.get(name);
      if (configured === undefined || becomes !== 'runs') continue;
      await this.#compareActions(configured, () => (changes += 1), signal);
      await this.#changesBackend(configured, () => (changes += 1), signal);
    }
    if (changes > 0) return null;
    const gentle: PlainAct = jail === undefined ? { act: 'reload-all' } : { act: 'reload', jail };
    return { act: gentle.act, jail: jail ?? null, command: commandText(gentle) };
  }
}
