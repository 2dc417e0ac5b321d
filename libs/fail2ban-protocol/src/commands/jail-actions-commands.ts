import type { PyValue } from '../codec/py-value.js';
import type { RequestValue } from '../codec/request-writer.js';
import { InvalidValueError } from '../errors/input.errors.js';
import { timeWord } from '../values/time-expression.js';
import { nameWord, pathWord } from '../values/words.js';
import { assertTaken } from './applied.js';
import type { RequestOptions } from './command-channel.js';
import { expectTexts } from './expect.js';
import type { JailChannel } from './jail-channel.js';

/** Arguments by name, for an action's method or constructor; sent as JSON. */
export type ActionArguments = Readonly<Record<string, RequestValue>>;

/**
 * Actions of one jail: what is executed on ban and unban. Shell actions run as root: whoever may set their properties
 * may do anything on the host.
 */
export class JailActionsCommands {
  constructor(private readonly jail: JailChannel) {}

  /** Names of the jail's actions, in order. */
  async names(options?: RequestOptions): Promise<string[]> {
    return expectTexts(await this.jail.get(['actions'], options), 'actions');
  }

  /**
   * The value of a property, e.g. `actionban`, `timeout`, or an option of the action.
   * @throws {UnreadableValueError} for internals that Python cannot serialise
   */
  async property(action: string, property: string, options?: RequestOptions): Promise<PyValue> {
    return this.jail.get(['action', nameWord(action, 'action'), nameWord(property, 'property')], options);
  }

  async properties(action: string, options?: RequestOptions): Promise<string[]> {
    return expectTexts(await this.jail.get(['actionproperties', nameWord(action, 'action')], options), 'properties');
  }

  async methods(action: string, options?: RequestOptions): Promise<string[]> {
    return expectTexts(await this.jail.get(['actionmethods', nameWord(action, 'action')], options), 'methods');
  }

  /** Adds a shell action with empty commands: set its properties, then `call(name, 'start')`. */
  async add(action: string, options?: RequestOptions): Promise<void> {
    const word = nameWord(action, 'action');
    assertTaken(`${this.jail.name} action`, word, await this.jail.set(['addaction', word], options));
  }

  /** Adds an action written in Python: the file is executed by the server. */
  async addPython(action: string, file: string, args: ActionArguments = {}, options?: RequestOptions): Promise<void> {
    const word = nameWord(action, 'action');
    const reply = await this.jail.set(['addaction', word, pathWord(file, 'file'), JSON.stringify(args)], options);
    assertTaken(`${this.jail.name} action`, word, reply);
  }

  /** Drops an action without lifting its bans or stopping it. */
  async remove(action: string, options?: RequestOptions): Promise<void> {
    await this.jail.set(['delaction', nameWord(action, 'action')], options, 'action');
  }

  /** Sets a property; new ones become tags. `timeout` takes seconds or a time expression. */
  async setProperty(action: string, property: string, value: string, options?: RequestOptions): Promise<void> {
    const word = propertyWord(property, value);
    const words = ['action', nameWord(action, 'action'), nameWord(property, 'property'), word];
    const reply = await this.jail.set(words, options);
    if (property === 'timeout') assertTaken(this.label(action, property), Number(word), reply);
    else assertTaken(this.label(action, property), word, reply);
  }

  /** Calls a method, e.g. `start`, `stop`, `flush`, and returns its result. The server waits for it. */
  async call(action: string, method: string, args: ActionArguments = {}, options?: RequestOptions): Promise<PyValue> {
    const words = ['action', nameWord(action, 'action'), nameWord(method, 'method'), JSON.stringify(args)];
    return this.jail.set(words, options, 'action');
  }

  /** Sets several properties in one command. */
  async setMany(action: string, values: Readonly<Record<string, string>>, options?: RequestOptions): Promise<void> {
    const pairs = Object.entries(values).map(([name, value]) => [
      nameWord(name, 'property'),
      propertyWord(name, value),
    ]);
    const words = ['multi-set', this.jail.name, 'action', nameWord(action, 'action'), pairs];
    assertTaken(`${this.jail.name} action ${action}`, true, await this.jail.channel.call(words, 'write', options));
  }

  private label(action: string, property: string): string {
    return `${this.jail.name} action ${action} ${property}`;
  }
}

function propertyWord(property: string, value: string): string {
  // fail2ban refuses it: the jail's own bantime counts.
  if (property === 'bantime') throw new InvalidValueError('property', 'bantime belongs to the jail');
  // The one property that fail2ban evaluates.
  return property === 'timeout' ? timeWord(value, 'timeout') : value;
}
