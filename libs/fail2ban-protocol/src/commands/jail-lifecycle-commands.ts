import { InvalidValueError } from '../errors/input.errors.js';
import { jailName } from '../values/jail-name.js';
import { assertTaken } from './applied.js';
import type { CommandChannel, RequestOptions } from './command-channel.js';

const BACKEND = /^(?:auto|pyinotify|gamin|polling|systemd(?:\[[^\]\r\n]{0,500}\])?)$/;

/** Creating, starting and removing jails. All of it is volatile: a reload returns to the files. */
export class JailLifecycleCommands {
  constructor(private readonly channel: CommandChannel) {}

  /**
   * Creates a jail: stopped, without filter and actions.
   * @param backend `auto`, `pyinotify`, `polling`, `systemd` with options in brackets, `gamin` up to 1.0.2
   * @throws {DuplicateJailError} @throws {InvalidJailNameError}
   */
  async add(name: string, backend = 'auto', options?: RequestOptions): Promise<void> {
    if (!BACKEND.test(backend)) throw new InvalidValueError('backend', 'auto, pyinotify, polling, systemd or gamin');
    const word = jailName(name);
    assertTaken('jail', word, await this.channel.call(['add', word, backend], 'write', options));
  }

  /** Starts a jail that exists; also ends its idle state. Does not bring back one that was stopped. */
  async start(name: string, options?: RequestOptions): Promise<void> {
    await this.channel.call(['start', jailName(name)], 'action', options);
  }

  /** Lifts a jail's bans in the firewall and removes the jail. Its history stays; a reload brings it back. */
  async stop(name: string, options?: RequestOptions): Promise<void> {
    await this.channel.call(['stop', jailName(name)], 'action', options);
  }

  /** An idle jail neither reads its log nor lets bans expire; fail2ban cannot be asked whether it is. */
  async setIdle(name: string, idle: boolean, options?: RequestOptions): Promise<void> {
    const words = ['set', jailName(name), 'idle', idle ? 'on' : 'off'];
    assertTaken(`${name} idle`, idle, await this.channel.call(words, 'write', options));
  }
}
