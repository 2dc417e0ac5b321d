import { describe, expect, it } from '@jest/globals';
import { host, HOST_ID } from '../../testing/rows';
import { en } from '../messages/en';
import { paletteEntries, type PaletteContext } from './palette-entries';

const context: PaletteContext = {
  jails: ['sshd', 'postfix'].map((name) => ({ hostId: HOST_ID, name })),
  hosts: [host()],
  canBan: true,
  canAdmin: true,
};
const acts = (typed: string, changes: Partial<PaletteContext> = {}) =>
  paletteEntries(typed, en, { ...context, ...changes }).map(({ act }) => act);

describe(paletteEntries.name, () => {
  it('looks an address up, and offers to ban or unban it', () => {
    expect(acts('192.0.2.7')).toEqual([
      { kind: 'go', path: '/addresses/192.0.2.7' },
      { kind: 'go', path: '/banned', params: { q: '192.0.2.7' } },
      { kind: 'go', path: '/history', params: { q: '192.0.2.7' } },
      { kind: 'ban', address: '192.0.2.7' },
      { kind: 'unban', address: '192.0.2.7' },
    ]);
  });

  it('searches for the beginning of an address, but bans only a whole one', () => {
    expect(acts('2001:db8:').map(({ kind }) => kind)).toEqual(['go', 'go']);
  });

  it('opens the page of an address or network in canonical form', () => {
    expect(acts('2001:DB8:0::1')[0]).toEqual({ kind: 'go', path: '/addresses/2001:db8::1' });
    expect(acts('192.0.2.9/24')[0]).toEqual({ kind: 'go', path: '/addresses/192.0.2.0/24' });
  });

  it('takes "ban …" and "unban …" as said', () => {
    expect(acts('ban 192.0.2.7 192.0.2.8')).toEqual([{ kind: 'ban', address: '192.0.2.7 192.0.2.8' }]);
    expect(acts('Unban 192.0.2.7')).toEqual([{ kind: 'unban', address: '192.0.2.7' }]);
  });

  it('finds pages, jails and hosts by part of their name', () => {
    expect(acts('bann')[0]).toEqual({ kind: 'go', path: '/banned' });
    expect(acts('ssh')).toContainEqual({ kind: 'jail', hostId: HOST_ID, jail: 'sshd' });
    const hosts = [host(), host({ id: 'b'.repeat(16), name: 'web-2' })];
    const jails = [{ hostId: 'b'.repeat(16), name: 'sshd' }];
    expect(paletteEntries('ssh', en, { ...context, hosts, jails })[0]?.text).toBe('sshd · web-2');
    expect(acts('web-')).toContainEqual({ kind: 'scope', hostId: HOST_ID });
  });

  it('offers nothing that the session may not do', () => {
    const kinds = [...acts('', { canBan: false, canAdmin: false }), ...acts('192.0.2.7', { canBan: false })].map(
      ({ kind }) => kind,
    );
    expect(kinds).not.toContain('ban');
    expect(kinds).not.toContain('unban');
    expect(kinds).not.toContain('addHost');
  });

  it('finds nothing for nonsense', () => {
    expect(acts('zzzz')).toEqual([]);
  });
});
