import { plainToInstance } from 'class-transformer';
import { type ValidationError, validateSync } from 'class-validator';
import { UnrecoverableError } from 'bullmq';

/** What carries out one kind of job. Handlers are idempotent: BullMQ may hand them the same job twice. */
export interface JobHandler<Payload extends object = object, Result = unknown> {
  readonly queue: string;
  /** `<queue>.<verb>`. */
  readonly job: string;
  readonly payload: new () => Payload;
  run(payload: Payload): Promise<Result>;
}

/**
 * Checks a job's data against its payload class.
 * @throws {UnrecoverableError} when it is malformed: no retry can mend that.
 */
export function parsePayload<Payload extends object>(type: new () => Payload, data: unknown): Payload {
  if (typeof data !== 'object' || data === null) throw new UnrecoverableError('the payload is not an object');
  const payload = plainToInstance(type, data);
  const errors = validateSync(payload, { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: true });
  if (errors.length > 0) throw new UnrecoverableError(`the payload is not valid: ${errors.map(reason).join('; ')}`);
  return payload;
}

const reason = (error: ValidationError) => `${error.property}: ${Object.values(error.constraints ?? {}).join(', ')}`;
