import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AGENT_EVENTS } from '@bailiff/contracts/agent';
import { eventually } from '@bailiff/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FleetHarness } from '../../test/fleet-harness.spec.js';
import type { TestAgent } from '../../test/test-agent.spec.js';

const ROOT = join(import.meta.dirname, '../../../..');
const HOSTILE_JAIL = 'a"b\\c\nbailiff_build_info{x="1"} 2';

/** Value of one series of a scrape; its labels in any order. */
function valueOf(scrape: string, name: string, labels: Record<string, string> = {}): number | undefined {
  const wanted = Object.entries(labels).map(([key, value]) => `${key}="${value}"`);
  const line = scrape
    .split('\n')
    .find(
      (text) => text.startsWith(name) && /[{ ]/.test(text.charAt(name.length)) && wanted.every((l) => text.includes(l)),
    );
  return line === undefined ? undefined : Number(line.slice(line.lastIndexOf(' ') + 1));
}

const namesIn = (scrape: string) => [...scrape.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name ?? '');

describe('GET /metrics', () => {
  let fleet: FleetHarness;
  let agent: TestAgent;
  const scrape = async () => (await fleet.request('GET', '/metrics')).text;

  beforeAll(async () => {
    fleet = await FleetHarness.start();
    agent = await fleet.addAgent('web-1');
  });
  afterAll(async () => {
    await agent.stop();
    await fleet[Symbol.asyncDispose]();
  });

  it('is for holders of a token that may read', async () => {
    expect(await fleet.request('GET', '/metrics', undefined, {})).toMatchObject({ status: 401 });
    const scopes = { name: 'metrics', scopes: ['ban'] };
    const { body } = await fleet.request<{ token: string }>('POST', '/api/v1/tokens', scopes);
    const answer = await fleet.request('GET', '/metrics', undefined, { authorization: `Bearer ${body.token}` });
    expect(answer.status).toBe(403);
  });

  it('tells of hosts, jails and what they have counted', async () => {
    const jail = {
      name: 'sshd',
      status: 'running',
      currentlyBanned: 3,
      totalBanned: 40,
      currentlyFailed: 2,
      totalFailed: 99,
    };
    agent.send(AGENT_EVENTS.status, {
      atMs: Date.now(),
      reachable: true,
      version: '1.1.1',
      jails: [jail],
    });
    agent.sendTickets({ address: '192.0.2.1', jail: 'sshd' }, { address: '192.0.2.2', jail: 'sshd' });
    await agent.acknowledged();
    const host = { host: 'web-1', host_id: agent.id };
    await eventually(async () =>
      expect(valueOf(await scrape(), 'bailiff_jail_banned', { ...host, jail: 'sshd' })).toBe(3),
    );
    const text = await scrape();
    expect(valueOf(text, 'bailiff_host_up', host)).toBe(1);
    expect(valueOf(text, 'bailiff_fail2ban_up', { ...host, version: '1.1.1' })).toBe(1);
    expect(valueOf(text, 'bailiff_jail_bans_total', { ...host, jail: 'sshd' })).toBe(40);
    expect(valueOf(text, 'bailiff_jail_failures_total', { ...host, jail: 'sshd' })).toBe(99);
    expect(valueOf(text, 'bailiff_jail_status', { ...host, jail: 'sshd', status: 'running' })).toBe(1);
    expect(valueOf(text, 'bailiff_jail_status', { ...host, jail: 'sshd', status: 'idle' })).toBe(0);
    expect(valueOf(text, 'bailiff_bans_active')).toBe(2);
    expect(valueOf(text, 'bailiff_events_total', { kind: 'ban' })).toBe(2);
  });

  it('times requests by route and commands by outcome', async () => {
    await fleet.get(`/api/v1/hosts/${agent.id}`);
    await fleet.request('POST', '/api/v1/bans', { jails: ['sshd'], addresses: ['192.0.2.9'], hostIds: [agent.id] });
    await fleet.request('GET', '/api/v1/no-such-route');
    const text = await scrape();
    const requests = 'bailiff_http_request_duration_seconds_count';
    const route = '/api/v1/hosts/:hostId';
    expect(valueOf(text, requests, { method: 'GET', route, status: '200' })).toBeGreaterThan(0);
    expect(valueOf(text, requests, { route: 'none', status: '404' })).toBeGreaterThan(0);
    expect(text).not.toContain('no-such-route');
    expect(valueOf(text, 'bailiff_command_duration_seconds_count', { command: 'bans.ban' })).toBe(1);
  });

  it('counts queues, and leaves them out while Redis is away', async () => {
    const waiting = () => scrape().then((text) => valueOf(text, 'bailiff_queue_jobs', { queue: 'geo-lookups' }));
    await eventually(async () => expect(await waiting()).toBeGreaterThanOrEqual(0));
    await fleet.queue.stop();
    await eventually(async () => expect(await waiting()).toBeUndefined());
    expect(valueOf(await scrape(), 'bailiff_host_up', { host_id: agent.id })).toBe(1);
    await fleet.queue.start();
    await eventually(async () => expect(await waiting()).toBeGreaterThanOrEqual(0));
  });

  it('keeps hostile names inside their label', async () => {
    const jail = { name: HOSTILE_JAIL, status: 'running', currentlyBanned: 1 };
    agent.send(AGENT_EVENTS.status, { atMs: Date.now(), reachable: true, version: '1.1.1', jails: [jail] });
    await agent.acknowledged();
    const text = await scrape();
    expect(text.split('\n').filter((line) => line.startsWith('bailiff_build_info'))).toHaveLength(1);
  });

  it('is documented, every metric of it, and the dashboard asks for nothing else', async () => {
    const names = namesIn(await scrape());
    const own = names.filter((name) => name.startsWith('bailiff_'));
    const documentation = await readFile(join(ROOT, 'docs/metrics.md'), 'utf8');
    expect(own.filter((name) => !documentation.includes(`\`${name}\``))).toEqual([]);
    const documented = [...documentation.matchAll(/^\| `(bailiff_\w+)`/gm)].map(([, name]) => name ?? '');
    expect(documented.filter((name) => !own.includes(name))).toEqual([]);
    const infra = ['infra/grafana/bailiff.json', 'infra/prometheus/alerts.yml'];
    const asked = await Promise.all(infra.map((path) => readFile(join(ROOT, path), 'utf8')));
    const used = asked.join('\n').matchAll(/\b((?:bailiff|process|nodejs)_[a-z0-9_]+)/g);
    const known = new Set(names.flatMap((name) => [name, `${name}_bucket`, `${name}_count`, `${name}_sum`]));
    expect([...new Set([...used].map(([, name]) => name ?? ''))].filter((name) => !known.has(name))).toEqual([]);
  });
});
