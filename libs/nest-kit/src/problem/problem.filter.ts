import { HEADERS } from '@bailiff/contracts/http';
import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import type { Request, Response } from 'express';
import { currentCorrelationId } from '../correlation/correlation.js';
import { isUnexpected, type ProblemTable, toProblem } from './to-problem.js';

/** Answers every error of the HTTP API as `application/problem+json` and logs it once. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger(ProblemFilter.name);

  constructor(private readonly table: ProblemTable) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    const headerId = response.getHeader(HEADERS.correlationId);
    const correlationId = typeof headerId === 'string' ? headerId : currentCorrelationId();
    // Not `request.path`: below a mounted router it lacks the prefix.
    const path = request.originalUrl.split('?')[0] ?? '';
    const problem = toProblem(error, this.table, { instance: path, correlationId });
    const fields = { code: problem.code, status: problem.status, method: request.method, path };
    if (isUnexpected(problem)) this.logger.error({ ...fields, err: error }, 'request failed');
    else if (problem.status >= 500) this.logger.warn({ ...fields, detail: problem.detail }, 'request failed');
    if (response.headersSent) {
      // A stream broke half way: the only honest sign left is a cut connection.
      response.destroy();
      return;
    }
    if (problem.retry_after_seconds !== undefined) response.setHeader('Retry-After', problem.retry_after_seconds);
    response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
  }
}
