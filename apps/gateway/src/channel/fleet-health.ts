import type { Health } from '@bailiff/contracts/http';
import { Injectable } from '@nestjs/common';
import { GeoLookups } from '../geo/geo-lookups.js';
import { AgentChannel } from './agent-channel.js';

/** What the fleet's features depend on, for `/api/health`. Asks nobody: says what the connections last said. */
@Injectable()
export class FleetHealth {
  constructor(
    private readonly channel: AgentChannel,
    private readonly geo: GeoLookups,
  ) {}

  checks(): Health['checks'] {
    return [
      check('edge', this.channel.isConnected, 'no connection to the agents’ Redis; events wait on the hosts'),
      check('queue', this.geo.isConnected, 'no connection to the worker’s Redis; countries come later'),
    ];
  }
}

function check(name: string, isUp: boolean, detail: string): Health['checks'][number] {
  return isUp ? { name, status: 'ok' } : { name, status: 'down', detail };
}
