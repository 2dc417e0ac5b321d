import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { atExit } from '../core/at-exit.js';
import { findBinary } from '../core/find-binary.js';
import { runChecked } from '../core/run-command.js';
import { ServiceUnavailableError } from '../core/testing.errors.js';

/** A Linux network namespace of our own, with its own firewall and loopback. */
export interface NetworkNamespace extends AsyncDisposable {
  readonly name: string;
  /** Words to put before a command so that it runs inside. */
  readonly prefix: readonly string[];
  /** Runs a command inside; answers its standard output. @throws {ProcessFailedError} unless it exits with 0. */
  exec(command: string, ...args: string[]): Promise<string>;
}

/**
 * Makes an empty network namespace with its loopback up. Firewall rules made inside are invisible outside.
 * @throws {ServiceUnavailableError} without root, iproute2 or the kernel's leave.
 */
export async function startNetworkNamespace(): Promise<NetworkNamespace> {
  const ip = findBinary('ip');
  if (ip === undefined) throw new ServiceUnavailableError('Network namespaces need iproute2: apt-get install iproute2');
  const name = `bailiff-${randomBytes(4).toString('hex')}`;
  try {
    await runChecked(ip, ['netns', 'add', name]);
  } catch (cause) {
    throw new ServiceUnavailableError(`No network namespace can be made (it needs root): ${String(cause)}`, { cause });
  }
  const forget = atExit(() => {
    spawnSync(ip, ['netns', 'delete', name]);
  });
  await runChecked(ip, ['-n', name, 'link', 'set', 'lo', 'up']);
  const prefix = [ip, 'netns', 'exec', name];
  return {
    name,
    prefix,
    exec: (command, ...args) => runChecked(ip, [...prefix.slice(1), command, ...args]),
    async [Symbol.asyncDispose]() {
      forget();
      await runChecked(ip, ['netns', 'delete', name]);
    },
  };
}
