import type { SetupProposal } from '@bailiff/contracts/http';

/** What setup has to do with the agent on the gateway's own machine. */
export abstract class LocalHosts {
  /** The agent on this machine, if one has enrolled. */
  abstract find(): Promise<SetupProposal['localHost']>;
  /** Takes it out of the fleet: the operator chose to add hosts later. */
  abstract remove(): Promise<void>;
}
