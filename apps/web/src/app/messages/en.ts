import { address, helpDesk } from './en-address';
import { access, audit, settings } from './en-admin';
import { allow, campaigns, duration, guard, ipv6, system } from './en-allow';
import { archive } from './en-archive';
import { bulk } from './en-bulk';
import { charts } from './en-charts';
import { console } from './en-console';
import { geo } from './en-geo';
import { jail } from './en-jail';
import { map } from './en-map';
import { bans, dashboard, history, hosts, jails } from './en-monitor';
import { problems } from './en-problems';
import { shell, table, time, common } from './en-shell';
import { login, setup } from './en-start';
import { stats } from './en-stats';

/** English. */
export const en = {
  access,
  allow,
  address,
  archive,
  audit,
  bans,
  bulk,
  campaigns,
  charts,
  common,
  console,
  dashboard,
  duration,
  geo,
  guard,
  helpDesk,
  history,
  hosts,
  ipv6,
  jail,
  jails,
  login,
  map,
  problems,
  settings,
  setup,
  shell,
  stats,
  system,
  table,
  time,
};
