import { access, audit, settings } from './en-admin';
import { charts } from './en-charts';
import { bans, dashboard, history, hosts, jails } from './en-monitor';
import { problems } from './en-problems';
import { shell, table, time, common } from './en-shell';
import { login, setup } from './en-start';

/** English. */
export const en = {
  access,
  audit,
  bans,
  charts,
  common,
  dashboard,
  history,
  hosts,
  jails,
  login,
  problems,
  settings,
  setup,
  shell,
  table,
  time,
};
