import type { JailAct, JailActKind } from '@bailiff/contracts/http';
import { jailName } from '@bailiff/fail2ban-protocol';

/** An act as far as words and plans need it. */
export type PlainAct = Pick<JailAct, 'act' | 'jail' | 'unban' | 'ifExists'>;

/** Acts that compile the configuration anew. */
const COMPILING: readonly JailActKind[] = ['start', 'reload', 'restart', 'reload-all', 'restart-all', 'restart-server'];

/** Whether fail2ban reads its configuration for it. */
export const isCompiling = ({ act }: PlainAct): boolean => COMPILING.includes(act);

/** Whether jails stop and start: every ban is lifted meanwhile. */
export const isRestarting = ({ act }: PlainAct): boolean =>
  act === 'restart' || act === 'restart-all' || act === 'restart-server';

/** The arguments behind `fail2ban-client reload`. @throws {InvalidJailNameError} */
export function reloadWords({ act, jail, unban, ifExists }: PlainAct): string[] {
  const flags = [
    ...(isRestarting({ act }) ? ['--restart'] : []),
    ...(unban === true ? ['--unban'] : []),
    ...(act === 'start' || (ifExists === true && jail !== undefined) ? ['--if-exists'] : []),
  ];
  return [...flags, jail === undefined ? '--all' : jailName(jail)];
}

/** The act as one would type it on the host. */
export function commandText(act: PlainAct): string {
  const jail = act.jail ?? '';
  switch (act.act) {
    case 'stop':
      return `fail2ban-client stop ${jail}`;
    case 'idle-on':
    case 'idle-off':
      return `fail2ban-client set ${jail} idle ${act.act === 'idle-on' ? 'on' : 'off'}`;
    case 'restart-server':
      return act.unban === true ? 'fail2ban-client unban --all && fail2ban-client restart' : 'fail2ban-client restart';
    default:
      return `fail2ban-client reload ${reloadWords(act).join(' ')}`;
  }
}
