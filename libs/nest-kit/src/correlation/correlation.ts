import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { CORRELATION_ID, HEADERS } from '@bailiff/contracts/http';
import type { NextFunction, Request, Response } from 'express';

const storage = new AsyncLocalStorage<string>();

/** The correlation id of the request, job or command that is being served; a fresh one outside of any. */
export function currentCorrelationId(): string {
  return activeCorrelationId() ?? randomUUID();
}

/** The correlation id in force, or undefined outside of any request, job or command. */
export function activeCorrelationId(): string | undefined {
  return storage.getStore();
}

/** Runs `work` under a correlation id: the given one when it has our shape, else a new one. */
export function runWithCorrelationId<T>(id: string | undefined, work: () => T): T {
  return storage.run(id !== undefined && CORRELATION_ID.test(id) ? id : randomUUID(), work);
}

/** Express middleware: takes `X-Correlation-ID` from the request, answers with the one in force. */
export function correlationMiddleware(request: Request, response: Response, next: NextFunction): void {
  runWithCorrelationId(request.header(HEADERS.correlationId), () => {
    response.setHeader(HEADERS.correlationId, currentCorrelationId());
    next();
  });
}
