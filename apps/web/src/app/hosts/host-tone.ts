import type { HostInfo } from '@bailiff/contracts/http';
import type { Tone } from '../display/status-dot';

/** How a host is, at a glance. */
export function hostTone({ state, fail2ban }: HostInfo): Tone {
  switch (state) {
    case 'online':
      return fail2ban?.reachable === false ? 'warn' : 'ok';
    case 'pending':
      return 'busy';
    case 'offline':
      return 'danger';
    case 'revoked':
      return 'off';
  }
}
