import { forcedBackend } from '../core/backend.js';
import { findBinary } from '../core/find-binary.js';
import { ServiceUnavailableError } from '../core/testing.errors.js';
import type { RedisInstance, RedisOptions } from './redis-instance.js';
import { startRedisProcess } from './redis-process.js';

/**
 * Starts a real Redis: the machine's redis-server as a process, else (it is not installed, or `TEST_BACKEND=container`)
 * in a container.
 * @throws {ServiceUnavailableError} when neither is there, saying what to install.
 */
export async function startRedis(options: RedisOptions = {}): Promise<RedisInstance> {
  const forced = forcedBackend();
  const binary = findBinary('redis-server');
  if (forced !== 'container' && binary !== undefined) return startRedisProcess(binary, options);
  if (forced === 'process') throw new ServiceUnavailableError(missing);
  try {
    const { startRedisContainer } = await import('./redis-container.js'); // takes half a second to load
    return await startRedisContainer(options);
  } catch (cause) {
    throw new ServiceUnavailableError(
      `${forced === 'container' ? '' : `${missing}; `}no container either: ${String(cause)}`,
      { cause },
    );
  }
}

const missing = 'redis-server is not installed: apt-get install redis-server';
