import { forcedBackend, mayHaveContainerEngine } from '../core/backend.js';
import { ServiceUnavailableError } from '../core/testing.errors.js';
import type { PostgresInstance } from './postgres-instance.js';
import { startPostgresProcess } from './postgres-process.js';

/**
 * Starts a real PostgreSQL: in a container when an engine answers, else (also when pulling fails) as a process of this
 * machine, as user `postgres` when we are root. `TEST_BACKEND=container|process` insists on one.
 * @param settings `name=value` for the server, above our own
 * @throws {ServiceUnavailableError} when neither works, with both reasons.
 */
export async function startPostgres(settings: readonly string[] = []): Promise<PostgresInstance> {
  const forced = forcedBackend();
  const reasons: unknown[] = [];
  if (forced === 'container' || (forced === undefined && mayHaveContainerEngine())) {
    try {
      // Loaded only when wanted: it takes half a second.
      const { startPostgresContainer } = await import('./postgres-container.js');
      return await startPostgresContainer(settings);
    } catch (error) {
      reasons.push(error);
    }
  }
  if (forced !== 'container') {
    try {
      return await startPostgresProcess(settings);
    } catch (error) {
      reasons.push(error);
    }
  }
  const words = reasons.map((reason) => (reason instanceof Error ? reason.message : String(reason)));
  throw new ServiceUnavailableError(`PostgreSQL cannot be started: ${words.join('; ')}`, { cause: reasons[0] });
}
