import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JailActReport, JailGetAnswer } from '@bailiff/contracts/agent';
import type {
  IgnoreChangeResult,
  JailActState,
  JailDetail,
  JailFailures,
  JailLogTail,
  Problem,
} from '@bailiff/contracts/http';
import { CommandError } from '@bailiff/agent-channel';
import { eventually } from '@bailiff/testing';
import { FleetHarness } from '../../test/fleet-harness.spec.js';
import type { TestAgent } from '../../test/test-agent.spec.js';

const at = '2026-11-20T10:00:00.000Z';
const detail: JailGetAnswer = {
  name: 'sshd',
  status: 'running',
  source: 'running',
  backend: 'polling',
  fail2banVersion: '1.1.1',
  at,
  settings: {
    maxretry: 5,
    findtimeSeconds: 600,
    bantimeSeconds: 600,
    maxmatches: 5,
    maxlines: 1,
    usedns: 'no',
    logencoding: 'utf-8',
    logtimezone: null,
    datepattern: { pattern: null, name: 'Default Detectors' },
    prefregex: '',
    failregex: ['<script>alert(1)</script>'],
    ignoreregex: [],
    journalmatch: [],
    ignoreself: true,
    ignorecommand: null,
    ignorecache: null,
  },
  escalation: {
    increment: null,
    factor: null,
    formula: null,
    multipliers: null,
    maxtimeSeconds: null,
    rndtimeSeconds: null,
    overalljails: null,
  },
  logFiles: [],
  actions: [],
  unknown: [],
  notes: [],
};
const report = (id: string, more: Partial<JailActReport> = {}): JailActReport => ({
  id,
  act: 'restart',
  jail: 'sshd',
  unban: false,
  state: 'running',
  phase: 'working',
  startedAt: at,
  endedAt: null,
  bannedBefore: 3,
  bannedNow: null,
  toRestore: 3,
  code: null,
  detail: null,
  runningJails: ['sshd'],
  lostJails: [],
  ...more,
});

describe('/api/v1/hosts/:hostId/jails', () => {
  let fleet: FleetHarness;
  let agent: TestAgent;
  const base = () => `/api/v1/hosts/${agent.id}`;
  const audit = async (action: string) => (await fleet.auditEntries()).find((entry) => entry.action === action);

  beforeAll(async () => {
    fleet = await FleetHarness.start();
    agent = await fleet.addAgent();
  });
  afterAll(async () => {
    await agent[Symbol.asyncDispose]();
    await fleet[Symbol.asyncDispose]();
  });

  it('shows what the agent tells of a jail, and nothing that has not its shape', async () => {
    agent.handlers.set('jails.get', () => ({ ...detail, surprise: 1 }));
    const { status, body } = await fleet.request<JailDetail>('GET', `${base()}/jails/sshd`);
    expect(status).toBe(200);
    expect(body).toEqual({ hostId: agent.id, hostName: 'web-1', ...detail });
    agent.handlers.set('jails.get', () => ({ ...detail, settings: { failregex: 'not a list' } }));
    const bad = await fleet.request<Problem>('GET', `${base()}/jails/sshd`);
    expect(bad).toMatchObject({ status: 502, body: { code: 'agent/failed' } });
    const unknown = await fleet.request<Problem>('GET', `${base()}/jails/a%20b`);
    expect(unknown).toMatchObject({ status: 422, body: { code: 'jail/unsafe-name' } });
  });

  it('marks log lines of addresses that the jail bans now', async () => {
    agent.sendTickets({ jail: 'sshd', address: '192.0.2.9' }, { jail: 'sshd', address: '2001:db8::9' });
    await agent.acknowledged();
    const lines = ['fail from 192.0.2.9', 'from [2001:DB8:0::9]:22', 'from 192.0.2.99', 'at 12:34:56, nobody'];
    agent.handlers.set('jails.log', () => ({ path: '/l', lines, sizeBytes: 9, readBytes: 9, isCut: false, at }));
    const { body } = await fleet.request<JailLogTail>('GET', `${base()}/jails/sshd/log?lines=10`);
    expect(body.lines.map(({ banned }) => banned)).toEqual(['192.0.2.9', '2001:db8::9', null, null]);
    expect(agent.commands.at(-1)?.args).toEqual({ jail: 'sshd', lines: 10 });
  });

  it('begins an act, follows it by events, and writes its end into the audit log', async () => {
    let id = '';
    agent.handlers.set('jails.act', (args) => {
      ({ id } = args as { id: string });
      return report(id);
    });
    agent.handlers.set('jails.act-state', () => report(id, { phase: 'restoring' }));
    const begun = await fleet.request<JailActState>('POST', `${base()}/jail-acts`, { act: 'restart', jail: 'sshd' });
    expect(begun).toMatchObject({ status: 202, body: { hostId: agent.id, state: 'running' } });
    expect(await audit('jail.restart')).toMatchObject({ result: 'pending', target: 'sshd' });
    expect((await fleet.request<JailActState>('GET', `${base()}/jail-acts/${id}`)).body.phase).toBe('restoring');
    agent.send('jails.act', report(id, { state: 'done', phase: 'ended', endedAt: at, bannedNow: 3 }));
    await eventually(async () => (await audit('jail.restart'))?.result === 'ok');
    expect((await audit('jail.restart'))?.after).toMatchObject({ bannedBefore: 3, bannedNow: 3 });
  });

  it('passes on why an agent refuses, and asks for a jail where one is needed', async () => {
    agent.handlers.set('jails.act', () => {
      throw new CommandError('config/refused', 'fail2ban says: no');
    });
    const refused = await fleet.request<Problem>('POST', `${base()}/jail-acts`, { act: 'reload-all' });
    expect(refused).toMatchObject({ status: 422, body: { code: 'config/refused', detail: 'fail2ban says: no' } });
    expect(await audit('jail.reload-all')).toMatchObject({ result: 'failed', code: 'config/refused' });
    for (const body of [{ act: 'restart' }, { act: 'explode', jail: 'sshd' }, { act: 'stop', jail: '--all' }])
      expect((await fleet.request('POST', `${base()}/jail-acts`, body)).status).toBe(400);
  });

  it('changes ignore lists in the name of whoever asks', async () => {
    const done = {
      outcomes: [{ jail: 'sshd', entry: '192.0.2.1', result: 'added', detail: null }],
      isPermanent: true,
      permanentDetail: null,
      stillBanned: [],
    };
    agent.handlers.set('ignore.change', () => done);
    const change = { jails: ['sshd'], add: ['192.0.2.1'], permanent: true };
    const { body } = await fleet.request<IgnoreChangeResult>('POST', `${base()}/ignore-lists`, change);
    expect(body).toEqual(done);
    expect(agent.commands.at(-1)?.args).toEqual({ ...change, own: [fleet.operatorAddress] });
    expect(await audit('ignore-list.change')).toMatchObject({ result: 'ok', target: '192.0.2.1 in sshd' });
    expect((await fleet.request('POST', `${base()}/ignore-lists`, { jails: ['sshd'] })).status).toBe(400);
  });

  it('says which bans inside an ignored network are still in force', async () => {
    agent.sendTickets(
      { jail: 'sshd', address: '203.0.113.9' },
      { jail: 'web', address: '203.0.113.10' },
      { jail: 'sshd', address: '203.0.113.200' },
    );
    await agent.acknowledged();
    const outcome = { jail: 'sshd', entry: '203.0.113.0/26', result: 'added', detail: null };
    const answer = { outcomes: [outcome], isPermanent: null, permanentDetail: null, stillBanned: [] };
    agent.handlers.set('ignore.change', () => answer);
    const change = { jails: ['sshd'], add: ['203.0.113.0/26'] };
    const { body } = await fleet.request<IgnoreChangeResult>('POST', `${base()}/ignore-lists`, change);
    expect(body.stillBanned).toEqual([{ jail: 'sshd', address: '203.0.113.9' }]);
    agent.handlers.set('ignore.change', () => ({ ...answer, outcomes: [{ ...outcome, result: 'unchanged' }] }));
    const gone = { jails: ['sshd'], remove: ['203.0.113.0/26'] };
    const removed = await fleet.request<IgnoreChangeResult>('POST', `${base()}/ignore-lists`, gone);
    expect(removed.body.stillBanned).toEqual([]);
  });

  it('counts failures by jail and hour', async () => {
    const now = Date.now();
    agent.sendTickets(
      { kind: 'found', jail: 'sshd', atMs: now },
      { kind: 'found', jail: 'sshd', atMs: now },
      { kind: 'found', jail: 'web', atMs: now },
    );
    await agent.acknowledged();
    const failures = await fleet.get<JailFailures[]>(`/api/v1/jails/failures?hosts=${agent.id}`);
    const sum = (jail: string) => failures.find((one) => one.jail === jail)?.hours.reduce((a, b) => a + b, 0);
    expect([sum('sshd'), sum('web')]).toEqual([2, 1]);
    expect(failures[0]?.hours).toHaveLength(24);
  });
});
