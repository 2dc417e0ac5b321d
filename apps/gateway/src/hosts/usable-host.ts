import type { Database, Host } from '@bailiff/persistence';
import { RevokedHostError, UnknownHostError } from './host.errors.js';

/** A host that commands can be sent to. @throws {UnknownHostError} {@link RevokedHostError} */
export async function usableHost(database: Database, hostId: string): Promise<Host> {
  const host = await database.read.hosts.find(hostId);
  if (host === null) throw new UnknownHostError(hostId);
  if (host.state === 'revoked') throw new RevokedHostError(hostId);
  return host;
}
