import { factorWord, formulaWord, multipliersWord } from '../values/ban-formula.js';
import { timeWord } from '../values/time-expression.js';
import { assertTaken } from './applied.js';
import type { RequestOptions } from './command-channel.js';
import { expectList, expectNumber, expectNumberOrNull, expectTextOrNull } from './expect.js';
import type { JailChannel } from './jail-channel.js';
import type { PyValue } from '../codec/py-value.js';

/**
 * Longer bans for those who come back (`bantime.increment` and its companions). null everywhere means "not set".
 * fail2ban evaluates factor and formula as Python: only whitelisted forms are sent.
 */
export class JailIncrementCommands {
  constructor(private readonly jail: JailChannel) {}

  /** Null when it was never set, which means off. */
  async enabled(options?: RequestOptions): Promise<boolean | null> {
    return booleanOrNull(await this.get('increment', options));
  }

  async setEnabled(value: boolean, options?: RequestOptions): Promise<void> {
    assertTaken(this.label('increment'), value, await this.set('increment', value ? 'true' : 'false', options));
  }

  /** As configured, unevaluated. */
  async factor(options?: RequestOptions): Promise<string | null> {
    return expectTextOrNull(await this.get('factor', options), 'factor');
  }

  async setFactor(factor: number | null, options?: RequestOptions): Promise<void> {
    await this.setText('factor', factorWord(factor ?? ''), options);
  }

  async formula(options?: RequestOptions): Promise<string | null> {
    return expectTextOrNull(await this.get('formula', options), 'formula');
  }

  /**
   * @param formula arithmetic on `ban.Time`, `ban.Count` and `banFactor`; null for the default
   * @throws {InvalidValueError} for anything else @throws {Fail2banRaisedError} when Python cannot compile it; the bad
   *   one is taken out again, since fail2ban would keep it and fail on every later setting
   */
  async setFormula(formula: string | null, options?: RequestOptions): Promise<void> {
    const word = formulaWord(formula ?? '');
    try {
      await this.setText('formula', word, options);
    } catch (error) {
      if (word !== '') await this.set('formula', '', options);
      throw error;
    }
  }

  async multipliers(options?: RequestOptions): Promise<string | null> {
    return expectTextOrNull(await this.get('multipliers', options), 'multipliers');
  }

  /** @param multipliers whole numbers, the nth for the nth ban; they take the formula's place */
  async setMultipliers(multipliers: readonly number[] | null, options?: RequestOptions): Promise<void> {
    await this.setText('multipliers', multipliersWord(multipliers ?? []), options);
  }

  /** The multipliers in force. */
  async evmultipliers(options?: RequestOptions): Promise<number[] | null> {
    const reply = await this.get('evmultipliers', options);
    return reply === null ? null : expectList(reply, 'evmultipliers').map((m) => expectNumber(m, 'evmultipliers'));
  }

  /** Longest ban, seconds. */
  async maxtime(options?: RequestOptions): Promise<number | null> {
    return expectNumberOrNull(await this.get('maxtime', options), 'maxtime');
  }

  /** @param time seconds or a time expression */
  async setMaxtime(time: number | string | null, options?: RequestOptions): Promise<void> {
    await this.setTime('maxtime', time, options);
  }

  /** Most seconds added at random. */
  async rndtime(options?: RequestOptions): Promise<number | null> {
    return expectNumberOrNull(await this.get('rndtime', options), 'rndtime');
  }

  /** @param time seconds or a time expression */
  async setRndtime(time: number | string | null, options?: RequestOptions): Promise<void> {
    await this.setTime('rndtime', time, options);
  }

  /** Whether bans in other jails count; kept as the text that was set. */
  async overalljails(options?: RequestOptions): Promise<boolean | null> {
    return booleanOrNull(await this.get('overalljails', options));
  }

  async setOveralljails(value: boolean, options?: RequestOptions): Promise<void> {
    const reply = await this.set('overalljails', value ? 'true' : 'false', options);
    assertTaken(this.label('overalljails'), value, booleanOrNull(reply));
  }

  private label(name: string): string {
    return `${this.jail.name} bantime.${name}`;
  }

  private get(name: string, options?: RequestOptions): Promise<PyValue> {
    return this.jail.get([`bantime.${name}`], options);
  }

  private set(name: string, word: string, options?: RequestOptions): Promise<PyValue> {
    return this.jail.set([`bantime.${name}`, word], options);
  }

  private async setText(name: string, word: string, options?: RequestOptions): Promise<void> {
    assertTaken(this.label(name), word === '' ? null : word, await this.set(name, word, options));
  }

  private async setTime(name: string, time: number | string | null, options?: RequestOptions): Promise<void> {
    const word = time === null ? '' : timeWord(time, name);
    assertTaken(this.label(name), time === null ? null : Number(word), await this.set(name, word, options));
  }
}

/** Text counts as fail2ban counts it: `1 on true yes` are true, everything else false. */
function booleanOrNull(value: PyValue): boolean | null {
  if (value === null || typeof value === 'boolean') return value;
  return typeof value === 'string' && /^(?:1|on|true|yes)$/i.test(value);
}
