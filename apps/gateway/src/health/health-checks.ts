import type { Health } from '@bailiff/contracts/http';

/** Checks that other features add to the gateway's own. */
export abstract class HealthChecks {
  abstract checks(): Health['checks'];
}
