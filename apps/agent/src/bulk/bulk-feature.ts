import type { CommandHandlers } from '../commands/command-table.js';
import type { StateDatabase } from '../state/state-database.js';
import { BannedHints } from './banned-hints.js';
import { type BatchTools, BatchWork } from './batch-work.js';
import { BulkCommands } from './bulk-commands.js';
import { BulkPart } from './bulk-part.js';
import { BulkRunner } from './bulk-runner.js';
import { BulkStore } from './bulk-store.js';

export interface BulkFeatureOptions extends Omit<BatchTools, 'hints' | 'store'> {
  readonly state: StateDatabase;
  readonly databasePath: () => string | undefined;
  readonly onError: (error: unknown) => void;
}

type BulkHandlers = Pick<CommandHandlers, Extract<keyof CommandHandlers, `bulk.${string}`>>;

/** Lists of addresses that are banned or unbanned piece by piece, also over restarts. */
export class BulkFeature {
  readonly #hints: BannedHints;
  readonly #runner: BulkRunner;
  readonly #commands: BulkCommands;

  constructor({ state, databasePath, onError, ...shared }: BulkFeatureOptions) {
    this.#hints = new BannedHints(databasePath);
    const store = new BulkStore(state);
    const tools: BatchTools = { ...shared, hints: this.#hints, store };
    this.#runner = new BulkRunner(
      store,
      (part) => new BulkPart(part, store, new BatchWork(tools, part.job, part.signal)),
      onError,
    );
    this.#commands = new BulkCommands(store, this.#runner);
  }

  /** Goes on with what was left. */
  start(): void {
    this.#runner.wake();
  }

  /** Stops within the command that fail2ban is carrying out. */
  stop(): Promise<void> {
    return this.#runner.stop();
  }

  /** Call it last: closes fail2ban's file. */
  close(): void {
    this.#hints.close();
  }

  handlers(): BulkHandlers {
    const commands = this.#commands;
    return {
      'bulk.begin': (args) => Promise.resolve(commands.begin(args)),
      'bulk.chunk': (args) => Promise.resolve(commands.addChunk(args)),
      'bulk.start': (args) => Promise.resolve(commands.start(args)),
      'bulk.cancel': (args) => Promise.resolve(commands.cancel(args)),
      'bulk.report': (args) => Promise.resolve(commands.report(args)),
    };
  }
}
