import { execFile } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { AgentError } from '../state/agent.error.js';

/** A jail as the host's configuration has it, enabled or not. */
export interface ConfiguredJail {
  readonly name: string;
  readonly isEnabled: boolean;
  /** As configured, e.g. `auto`; undefined when it cannot be read. */
  readonly backend: string | undefined;
}

export interface JailCatalogueOptions {
  /** Folder of jail.conf. */
  readonly configDir: string;
  /** The Python that runs fail2ban. */
  readonly pythonPath: string;
  /** fail2ban-client: tells where its package is. */
  readonly clientPath: string;
}

/** fail2ban's own reader could not read the configuration. */
export class ConfigurationUnreadableError extends AgentError {
  constructor(reason: string, options?: ErrorOptions) {
    super(
      'fail2ban/configuration-unreadable',
      'operational',
      `fail2ban's configuration cannot be read: ${reason}`,
      options,
    );
  }
}

const SCRIPT = join(import.meta.dirname, '../../python/list_jails.py');
const TIMEOUT_MS = 20_000;
const MAX_BYTES = 8 << 20;
const run = promisify(execFile);

/** All jails that the host's own fail2ban reads from its configuration; asked again only when a file changed. */
export class JailCatalogue {
  #stamp = '';
  #jails: Promise<readonly ConfiguredJail[]> | undefined;

  constructor(private readonly options: JailCatalogueOptions) {}

  /** @throws {ConfigurationUnreadableError} */
  async list(): Promise<readonly ConfiguredJail[]> {
    const stamp = await this.#stampNow();
    if (this.#jails === undefined || stamp !== this.#stamp) {
      this.#stamp = stamp;
      this.#jails = this.#read();
      // A failure is reported until a file changes; it would only fail again.
      this.#jails.catch(() => undefined);
    }
    return this.#jails;
  }

  /** Reads again next time. */
  forget(): void {
    this.#jails = undefined;
  }

  async #read(): Promise<readonly ConfiguredJail[]> {
    const { configDir, pythonPath, clientPath } = this.options;
    try {
      const { stdout } = await run(pythonPath, ['-I', SCRIPT, configDir, clientPath], {
        env: {},
        cwd: '/',
        timeout: TIMEOUT_MS,
        killSignal: 'SIGKILL',
        maxBuffer: MAX_BYTES,
      });
      return readList(JSON.parse(stdout));
    } catch (cause) {
      const { stderr, message } = cause as { stderr?: string; message: string };
      const lines = (stderr ?? '').trim().split('\n');
      throw new ConfigurationUnreadableError((lines.at(-1) || message).slice(0, 300), { cause });
    }
  }

  /** Changes when any file changes that a jail can be configured in. */
  async #stampNow(): Promise<string> {
    const { configDir } = this.options;
    const parts: string[] = [];
    for (const folder of [configDir, join(configDir, 'jail.d'), join(configDir, 'fail2ban.d')]) {
      const names = await readdir(folder).catch(() => []);
      for (const name of names.filter((file) => /\.(?:conf|local)$/.test(file)).sort()) {
        const info = await stat(join(folder, name), { bigint: true }).catch(() => undefined);
        parts.push(`${name} ${info?.mtimeNs ?? 0} ${info?.size ?? 0} ${info?.ino ?? 0}`);
      }
    }
    return parts.join('\n');
  }
}

function readList(value: unknown): ConfiguredJail[] {
  if (!Array.isArray(value)) throw new ConfigurationUnreadableError('not a list');
  return value.flatMap((item: unknown) => {
    if (typeof item !== 'object' || item === null) return [];
    const { name, enabled, backend } = item as Record<string, unknown>;
    if (typeof name !== 'string' || name === '' || name.length > 256) return [];
    const isShown = typeof backend === 'string' && backend !== '' && backend.length <= 256;
    return [{ name, isEnabled: enabled === true, backend: isShown ? backend : undefined }];
  });
}
