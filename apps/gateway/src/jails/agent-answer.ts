import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { CommandFailedError } from '../channel/command-failure.js';

/**
 * Checks what an agent answered: a good signature is not good input. Unknown fields are dropped.
 * @throws {CommandFailedError} `agent/failed` when it does not have the shape
 */
export function checkedAnswer<T extends object>(hostId: string, type: new () => T, answer: unknown): T {
  if (typeof answer === 'object' && answer !== null && !Array.isArray(answer)) {
    const instance = plainToInstance(type, answer);
    if (validateSync(instance, { whitelist: true, forbidUnknownValues: true }).length === 0) return instance;
  }
  const detail = 'The host answered something that this console does not understand.';
  throw new CommandFailedError(hostId, 'agent/failed', 'operational', detail);
}
