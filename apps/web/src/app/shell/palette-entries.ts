import { tryParseNetwork } from '@bailiff/ip';
import type { HostInfo, JailInfo } from '@bailiff/contracts/http';
import type { Messages } from '../messages/messages';
import { ADMIN_NAV, MAIN_NAV } from './nav-items';
import { type ThemeName, THEMES } from './theme';

/** What choosing an entry does. */
export type PaletteAct =
  | { readonly kind: 'go'; readonly path: string; readonly params?: Readonly<Record<string, string>> }
  | { readonly kind: 'ban' | 'unban'; readonly address: string }
  | { readonly kind: 'jail'; readonly hostId: string; readonly jail: string }
  | { readonly kind: 'scope'; readonly hostId: string }
  | { readonly kind: 'theme'; readonly theme: ThemeName }
  | { readonly kind: 'addHost' };

export interface PaletteEntry {
  readonly group: 'actions' | 'pages' | 'jails' | 'hosts';
  readonly text: string;
  readonly act: PaletteAct;
}

export interface PaletteContext {
  readonly jails: readonly Pick<JailInfo, 'hostId' | 'name'>[];
  readonly hosts: readonly HostInfo[];
  readonly canBan: boolean;
  readonly canAdmin: boolean;
}

const MOST_PER_GROUP = 6;

/** What a text typed into the palette may mean, likeliest first. */
export function paletteEntries(typed: string, m: Messages, context: PaletteContext): readonly PaletteEntry[] {
  const text = typed.trim();
  const [verb = '', ...rest] = text.split(/\s+/);
  const words = m.shell.search;
  if (context.canBan && (verb.toLowerCase() === 'ban' || verb.toLowerCase() === 'unban')) {
    const kind = verb.toLowerCase() === 'ban' ? 'ban' : 'unban';
    const address = rest.join(' ');
    return [
      { group: 'actions', text: kind === 'ban' ? words.ban(address) : words.unban(address), act: { kind, address } },
    ];
  }
  if (looksLikeAddress(text)) return addressEntries(text, m, context);
  return [...matching(staticEntries(m, context), text), ...jailEntries(text, context), ...hostEntries(text, context)];
}

function addressEntries(text: string, m: Messages, { canBan }: PaletteContext): readonly PaletteEntry[] {
  const words = m.shell.search;
  const whole = tryParseNetwork(text);
  const find: readonly PaletteEntry[] = [
    { group: 'actions', text: words.findBanned(text), act: { kind: 'go', path: '/banned', params: { q: text } } },
    { group: 'actions', text: words.findHistory(text), act: { kind: 'go', path: '/history', params: { q: text } } },
  ];
  if (whole === undefined) return find;
  const open: PaletteEntry = {
    group: 'actions',
    text: words.openAddress(whole),
    act: { kind: 'go', path: `/addresses/${whole}` },
  };
  if (!canBan) return [open, ...find];
  return [
    open,
    ...find,
    { group: 'actions', text: words.ban(whole), act: { kind: 'ban', address: whole } },
    { group: 'actions', text: words.unban(whole), act: { kind: 'unban', address: whole } },
  ];
}

function staticEntries(m: Messages, { canBan, canAdmin }: PaletteContext): readonly PaletteEntry[] {
  const words = m.shell.search;
  return [
    ...[...MAIN_NAV, ...ADMIN_NAV].map(({ path, text }): PaletteEntry => ({
      group: 'pages',
      text: m.shell.nav[text],
      act: { kind: 'go', path },
    })),
    ...(canBan
      ? ([
          { group: 'actions', text: words.ban(''), act: { kind: 'ban', address: '' } },
          { group: 'actions', text: words.unban(''), act: { kind: 'unban', address: '' } },
        ] as const)
      : []),
    ...(canAdmin ? ([{ group: 'actions', text: words.addHost, act: { kind: 'addHost' } }] as const) : []),
    ...THEMES.map((theme): PaletteEntry => ({
      group: 'actions',
      text: words.theme(m.shell.theme[theme]),
      act: { kind: 'theme', theme },
    })),
  ];
}

/** A jail is one of a host: its name says which where there are several. */
function jailEntries(text: string, { jails, hosts }: PaletteContext): readonly PaletteEntry[] {
  const nameOf = (id: string) => hosts.find((host) => host.id === id)?.name ?? id;
  return matching(
    jails.map(({ hostId, name }): PaletteEntry => ({
      group: 'jails',
      text: hosts.length > 1 ? `${name} · ${nameOf(hostId)}` : name,
      act: { kind: 'jail', hostId, jail: name },
    })),
    text,
  ).slice(0, MOST_PER_GROUP);
}

function hostEntries(text: string, { hosts }: PaletteContext): readonly PaletteEntry[] {
  return matching(
    hosts.map((host): PaletteEntry => ({ group: 'hosts', text: host.name, act: { kind: 'scope', hostId: host.id } })),
    text,
  ).slice(0, MOST_PER_GROUP);
}

function matching(entries: readonly PaletteEntry[], text: string): readonly PaletteEntry[] {
  const wanted = text.toLowerCase();
  return entries
    .filter((entry) => entry.text.toLowerCase().includes(wanted))
    .toSorted(
      (a, b) => Number(b.text.toLowerCase().startsWith(wanted)) - Number(a.text.toLowerCase().startsWith(wanted)),
    );
}

/** Also the beginning of one: digits with a dot, or hex with a colon. */
function looksLikeAddress(text: string): boolean {
  return /^\d{1,3}\.[\d./]*$/.test(text) || (/^[0-9a-f:./]+$/i.test(text) && text.includes(':'));
}
