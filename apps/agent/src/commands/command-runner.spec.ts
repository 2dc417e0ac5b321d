import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AGENT_COMMANDS } from '@bailiff/contracts/agent';
import { POLICY_GROUPS } from '@bailiff/contracts/http';
import { tempDir, type TempDir } from '@bailiff/testing';
import { PolicyFile } from '../policy/policy-file.js';
import { CommandRunner, type CommandRecord } from './command-runner.js';
import type { CommandHandlers } from './command-table.js';

const ID = '01234567-89ab-4cde-8f01-23456789abcd';
const never = new AbortController().signal;

describe(CommandRunner.name, () => {
  let dir: TempDir;
  let runner: CommandRunner;
  let ran: { name: string; args: unknown }[];
  let records: CommandRecord[];
  const grant = (groups: readonly string[]) =>
    writeFileSync(join(dir.path, 'etc/policy.json'), JSON.stringify({ groups }), { mode: 0o600 });
  const run = (cmd: string, args: unknown) => runner.run({ id: ID, cmd, args, correlationId: undefined }, never);
  const refusal = (code: string) => expect.objectContaining({ code });

  beforeEach(async () => {
    dir = await tempDir();
    mkdirSync(join(dir.path, 'etc'), { mode: 0o700 });
    grant(POLICY_GROUPS);
    [ran, records] = [[], []];
    const handlers: object = Object.fromEntries(
      Object.keys(AGENT_COMMANDS).map((name) => [name, (args: unknown) => Promise.resolve(ran.push({ name, args }))]),
    );
    runner = new CommandRunner(handlers as CommandHandlers, new PolicyFile(join(dir.path, 'etc')), (record) =>
      records.push(record),
    );
  });
  afterEach(async () => {
    await dir[Symbol.asyncDispose]();
  });

  /** What each command takes; below, one part at a time is made hostile. */
  const GOOD: Record<keyof typeof AGENT_COMMANDS, Record<string, unknown>> = {
    'host.ping': {},
    'host.report': {},
    'bans.snapshot': {},
    'jails.get': { jail: 'sshd' },
    'jails.log': { jail: 'sshd', file: '/var/log/auth.log', lines: 10, q: 'x' },
    'jails.preview': { act: 'reload', jail: 'sshd', unban: false, ifExists: false },
    'jails.act': { id: ID, act: 'reload', jail: 'sshd', unban: false, ifExists: false },
    'jails.act-state': { id: ID },
    'ignore.list': { jail: 'sshd' },
    'ignore.find': { address: '192.0.2.1' },
    'ignore.change': { jails: ['sshd'], add: ['192.0.2.1'], remove: ['192.0.2.2'], own: ['192.0.2.3'], force: false },
    'bans.ban': { jails: ['sshd'], addresses: ['192.0.2.1'], durationSeconds: 60, forced: ['192.0.2.1'] },
    'bans.unban': { jails: ['sshd'], addresses: ['192.0.2.1'] },
    'bans.unban-everything': { jails: ['sshd'] },
    'bulk.begin': { jobId: ID, direction: 'ban', jails: ['sshd'], entries: 1, lifeSeconds: 60 },
    'bulk.chunk': { jobId: ID, index: 0, addresses: ['192.0.2.1'] },
    'bulk.start': { jobId: ID },
    'bulk.cancel': { jobId: ID },
    'bulk.report': { jobId: ID, jail: 'sshd', from: 0 },
    'allow.sync': { entries: [{ id: ID, address: '192.0.2.1', jails: ['sshd'], expiresAtMs: 1 }] },
    'guard.list': {},
    'jails.networks': { jails: ['sshd'] },
  };
  const NAMES = ['--all', '-c', 'a b', 'a/b', '../sshd', 'sshd\n', 'a;reboot', '$(reboot)', '', 'x'.repeat(65)];
  const NETWORKS = ['--all', '192.0.2.1;reboot', '192.0.2.1\n', '192.0.2', 'localhost', 'file:/etc/shadow', '', '1'];

  it('takes what each command is made for', async () => {
    for (const [name, args] of Object.entries(GOOD)) await run(name, args);
    expect(ran.map(({ name }) => name)).toEqual(Object.keys(AGENT_COMMANDS));
  });

  it.each(Object.entries(GOOD))('%s takes nothing besides, and nothing of another kind', async (name, good) => {
    for (const args of [[], 'text', 7, [good], { ...good, shell: 'reboot' }])
      await expect(run(name, args)).rejects.toEqual(refusal('request/invalid'));
    for (const part of Object.keys(good)) {
      for (const hostile of [null, { $gt: '' }, { length: 1, 0: 'sshd' }, [[good[part]]], [null], -7.5, ''])
        await expect(run(name, { ...good, [part]: hostile })).rejects.toEqual(refusal('request/invalid'));
    }
    expect(ran).toEqual([]);
  });

  it.each(Object.entries(GOOD).filter(([, good]) => 'jail' in good || 'jails' in good))(
    '%s takes no jail that a command would misread',
    async (name, good) => {
      for (const jail of NAMES)
        await expect(run(name, { ...good, ...('jail' in good ? { jail } : { jails: [jail] }) })).rejects.toEqual(
          refusal('request/invalid'),
        );
      expect(ran).toEqual([]);
    },
  );

  it.each([
    ['bans.ban', 'addresses'],
    ['bans.ban', 'forced'],
    ['bulk.chunk', 'addresses'],
  ] as const)('%s takes nothing but addresses and networks as %s', async (name, part) => {
    for (const text of NETWORKS)
      await expect(run(name, { ...GOOD[name], [part]: [text] })).rejects.toEqual(refusal('request/invalid'));
    expect(ran).toEqual([]);
  });

  it.each(['0.0.0.0/0', '0.0.0.0/7', '::/0', '2000::/3', 'localhost'])(
    'allow.sync exempts nobody by %s',
    async (address) => {
      await expect(run('allow.sync', { entries: [{ id: ID, address }] })).rejects.toEqual(refusal('request/invalid'));
      expect(ran).toEqual([]);
    },
  );

  it('has no commands but its own, also none that every object has', async () => {
    for (const name of ['raw', 'toString', '__proto__', 'constructor', 'bans.ban ', 'jails.act\n', ''])
      await expect(run(name, {})).rejects.toEqual(refusal('agent/refused'));
    expect(ran).toEqual([]);
  });

  it('does what the host grants at this moment, and nothing when its policy cannot be trusted', async () => {
    grant(['read']);
    await run('jails.get', GOOD['jails.get']);
    for (const name of ['bans.ban', 'jails.act', 'ignore.change', 'allow.sync', 'bulk.start'] as const)
      await expect(run(name, GOOD[name])).rejects.toEqual(refusal('agent/policy-denied'));
    writeFileSync(join(dir.path, 'etc/policy.json'), '{');
    await expect(run('jails.get', GOOD['jails.get'])).rejects.toEqual(refusal('agent/policy-denied'));
    expect(ran).toHaveLength(1);
  });

  it('records what came, but no flood of it', async () => {
    await run('jails.get', GOOD['jails.get']);
    await expect(run('raw', { text: 'x'.repeat(1_000_000) })).rejects.toEqual(refusal('agent/refused'));
    expect(records).toMatchObject([
      { command: 'jails.get', args: { jail: 'sshd' }, outcome: 'ok' },
      { command: 'raw', args: { characters: 1_000_011 }, outcome: 'agent/refused' },
    ]);
    expect(JSON.stringify(records).length).toBeLessThan(2_000);
  });
});
