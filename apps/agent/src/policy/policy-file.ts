import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { AgentError } from '../state/agent.error.js';
import { readPrivateFile } from '../state/private-files.js';
import { parsePolicy, type Policy } from './policy.js';

const FILE = 'policy.json';

/**
 * The host's `policy.json`, read again whenever it changed. A file that someone else could have written, or that cannot be
 * read, allows nothing.
 */
export class PolicyFile {
  readonly path: string;
  #stamp = '';
  #policy: Policy | undefined;
  #error: Error | undefined;

  constructor(configDir: string) {
    this.path = join(configDir, FILE);
  }

  /**
   * The policy in force.
   * @throws {UnsafeFileError} or {@link PolicyError} when there is no usable one
   */
  current(): Policy {
    const stamp = this.#stampNow();
    if (stamp !== this.#stamp) {
      this.#stamp = stamp;
      this.#policy = undefined;
      this.#error = undefined;
      try {
        this.#policy = parsePolicy(readPrivateFile(this.path));
      } catch (error) {
        if (!(error instanceof AgentError)) throw error;
        this.#error = error;
      }
    }
    if (this.#policy === undefined) throw this.#error ?? new AgentError('agent/policy-invalid', 'bug', 'No policy');
    return this.#policy;
  }

  /** What identifies this state of the file; the folder's mode counts too. */
  #stampNow(): string {
    try {
      const { ino, size, mode, uid, nlink, mtimeNs, ctimeNs } = lstatSync(this.path, { bigint: true });
      const folder = lstatSync(join(this.path, '..'), { bigint: true });
      return [ino, size, mode, uid, nlink, mtimeNs, ctimeNs, folder.mode, folder.uid, folder.ino].join(' ');
    } catch {
      // Missing or unreachable: read again each time, the read says why.
      return `missing ${process.hrtime.bigint()}`;
    }
  }
}
