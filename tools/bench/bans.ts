import type { Fail2banClient } from '@bailiff/fail2ban-protocol';

import { ToolError } from '../common/tool.error.ts';

/** Distinct addresses for load: of a private network, so that no real one is ever banned. */
export function loadAddresses(count: number, from = 0): string[] {
  return Array.from({ length: count }, (_, index) => {
    const number = from + index;
    return `10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`;
  });
}

/** Bans many addresses in one jail and waits until fail2ban counts them all. */
export async function fillJail(client: Fail2banClient, jail: string, count: number): Promise<void> {
  await client.jail(jail).bans.ban(loadAddresses(count));
  const { currentlyBanned } = await client.jail(jail).statusShort();
  if (currentlyBanned < count)
    throw new ToolError('tools/bench-setup', `only ${currentlyBanned} of ${count} bans were made`);
}
