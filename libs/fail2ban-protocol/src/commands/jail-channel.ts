import type { PyValue } from '../codec/py-value.js';
import type { CommandClass } from '../connection/command-timeouts.js';
import type { JailName } from '../values/jail-name.js';
import type { CommandChannel, RequestOptions } from './command-channel.js';

/** `get` and `set` of one jail. */
export class JailChannel {
  constructor(
    readonly channel: CommandChannel,
    readonly name: JailName,
  ) {}

  get(words: readonly string[], options?: RequestOptions, type: CommandClass = 'read'): Promise<PyValue> {
    return this.channel.call(['get', this.name, ...words], type, options);
  }

  set(words: readonly string[], options?: RequestOptions, type: CommandClass = 'write'): Promise<PyValue> {
    return this.channel.call(['set', this.name, ...words], type, options);
  }
}
