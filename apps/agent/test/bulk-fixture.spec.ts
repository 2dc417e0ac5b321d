import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { BULK_CHUNK_SIZE, type BulkReport } from '@bailiff/contracts/agent';
import type { BulkDirection } from '@bailiff/contracts/http';
import { Fail2banClient } from '@bailiff/fail2ban-protocol';
import { parseNetwork } from '@bailiff/ip';
import { tempDir, type Fail2banInstance, type TempDir } from '@bailiff/testing';
import { BannedHints } from '../src/bulk/banned-hints.js';
import { BatchWork } from '../src/bulk/batch-work.js';
import { BulkCommands } from '../src/bulk/bulk-commands.js';
import { BulkPart, type Patience } from '../src/bulk/bulk-part.js';
import { BulkRunner } from '../src/bulk/bulk-runner.js';
import { BulkStore } from '../src/bulk/bulk-store.js';
import { GuardSource } from '../src/commands/guard-source.js';
import { OwnAddresses } from '../src/commands/own-addresses.js';
import { PolicyFile } from '../src/policy/policy-file.js';
import { OriginMarks } from '../src/state/origin-marks.js';
import { StateDatabase } from '../src/state/state-database.js';
import { NetworkReach } from '../src/timed/network-reach.js';
import { TimedBanStore } from '../src/timed/timed-ban-store.js';
import { TimedBans } from '../src/timed/timed-bans.js';

/** Different documentation addresses, as canonical text. */
export function addressesOf(count: number, from = 0): string[] {
  return Array.from({ length: count }, (_, index) =>
    `2001:db8::1:${(from + index + 1).toString(16)}`.replace(/:([0-9a-f]+)([0-9a-f]{4})$/, ':$1:$2'),
  );
}

/** Everything of the agent that carries lists out, in this process, on a real fail2ban. */
export class BulkFixture implements AsyncDisposable {
  readonly errors: unknown[] = [];
  readonly policyFile: string;
  private readonly state: StateDatabase;
  private readonly hints: BannedHints;
  readonly client: Fail2banClient;
  readonly runner: BulkRunner;
  readonly commands: BulkCommands;
  readonly marks: OriginMarks;
  readonly timedBans: TimedBanStore;
  /** Rests until it is started. */
  readonly timed: TimedBans;
  readonly store: BulkStore;

  private constructor(
    private readonly dir: TempDir,
    private readonly fail2ban: Fail2banInstance,
    patience: Patience,
  ) {
    const { path } = dir;
    mkdirSync(`${path}/etc`, { mode: 0o700, recursive: true });
    this.policyFile = `${path}/etc/policy.json`;
    this.state = new StateDatabase(`${path}/state`);
    this.marks = new OriginMarks(this.state);
    this.client = new Fail2banClient({ socketPath: fail2ban.socketPath, connectPatienceMs: 100 });
    this.hints = new BannedHints(() => fail2ban.databasePath);
    const store = new BulkStore(this.state);
    this.store = store;
    const policy = new PolicyFile(`${path}/etc`);
    const guards = new GuardSource(new OwnAddresses(['192.0.2.200']), policy, () => [parseNetwork('192.0.2.210')]);
    this.timedBans = new TimedBanStore(this.state);
    this.timed = new TimedBans({
      store: this.timedBans,
      client: this.client,
      marks: this.marks,
      state: this.state,
      allowedIn: () => () => false,
      databasePath: () => fail2ban.databasePath,
      onNews: () => undefined,
      onError: (error) => this.errors.push(error),
    });
    const tools = {
      client: this.client,
      policy,
      guards,
      marks: this.marks,
      hints: this.hints,
      store,
      timed: this.timed,
      reach: new NetworkReach(this.client),
    };
    this.runner = new BulkRunner(
      store,
      (part) => new BulkPart(part, store, new BatchWork(tools, part.job, part.signal), patience),
      (error) => this.errors.push(error),
    );
    this.commands = new BulkCommands(store, this.runner);
  }

  static async on(
    fail2ban: Fail2banInstance,
    patience: Patience = { fail2banMs: 120_000, jailMs: 1_000, retryMs: 50 },
  ): Promise<BulkFixture> {
    const dir = await tempDir('bulk-');
    mkdirSync(`${dir.path}/etc`, { mode: 0o700 });
    writeFileSync(`${dir.path}/etc/policy.json`, policyText(['read', 'ban']), { mode: 0o600 });
    return new BulkFixture(dir, fail2ban, patience);
  }

  allow(...groups: string[]): void {
    writeFileSync(this.policyFile, policyText(groups), { mode: 0o600 });
  }

  /** Hands a list over and, unless told otherwise, starts it. @returns its id */
  begin(
    direction: BulkDirection,
    jails: string[],
    addresses: readonly string[],
    isStarted = true,
    durationSeconds?: number,
  ): string {
    const jobId = randomUUID();
    const lasting = durationSeconds === undefined ? {} : { durationSeconds };
    this.commands.begin({ jobId, direction, jails, entries: addresses.length, lifeSeconds: 3_600, ...lasting });
    for (let index = 0; index * BULK_CHUNK_SIZE < addresses.length; index += 1)
      this.commands.addChunk({
        jobId,
        index,
        addresses: addresses.slice(index * BULK_CHUNK_SIZE, (index + 1) * BULK_CHUNK_SIZE),
      });
    if (isStarted) this.commands.start({ jobId });
    return jobId;
  }

  /** Results of a jail, and their reasons. */
  report(jobId: string, jail: string): Omit<BulkReport, 'from'> {
    return readReports((from) => this.commands.report({ jobId, jail, from }));
  }

  /** Origin that the ban in fail2ban's own file is labelled with. */
  originOf(jail: string, address: string): string {
    const database = new DatabaseSync(this.fail2ban.databasePath, { readOnly: true, timeout: 5_000 });
    try {
      const row = database.prepare('SELECT timeofban FROM bips WHERE jail = ? AND ip = ?').get(jail, address);
      return this.marks.originOf(jail, address, Number(row?.['timeofban']) * 1_000);
    } finally {
      database.close();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.runner.stop();
    await this.timed.stop();
    await this.client.close();
    this.hints.close();
    this.state.close();
    await this.dir[Symbol.asyncDispose]();
  }
}

/** Asks for reports until there is no more, and puts them together. */
export function readReports(ask: (from: number) => BulkReport): Omit<BulkReport, 'from'> {
  let whole = ask(0);
  for (let part = whole; part.results.length > 0;) {
    part = ask(whole.results.length);
    whole = { ...part, results: whole.results + part.results, failures: [...whole.failures, ...part.failures] };
  }
  return whole;
}

function policyText(groups: readonly string[]): string {
  return JSON.stringify({ groups, logRoots: ['/var/log'], protected: ['198.51.100.0/28'] });
}
