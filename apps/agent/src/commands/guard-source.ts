import type { GuardListResult } from '@bailiff/contracts/agent';
import type { IpNetwork } from '@bailiff/ip';
import type { PolicyFile } from '../policy/policy-file.js';
import { BanGuard } from './ban-guard.js';
import type { OwnAddresses } from './own-addresses.js';

/** What the host itself refuses to ban, as of now. */
export class GuardSource {
  /** @param allowed what is on the allow list */
  constructor(
    private readonly own: OwnAddresses,
    private readonly policy: PolicyFile,
    private readonly allowed: () => readonly IpNetwork[],
  ) {}

  async now(): Promise<BanGuard> {
    return new BanGuard(await this.own.list(), this.policy.current().protectedNetworks, this.allowed());
  }

  /** `guard.list`. */
  async list(): Promise<GuardListResult> {
    const own = [...new Set<string>(await this.own.list())];
    return { own, listed: this.policy.current().protectedNetworks.toList() };
  }
}
