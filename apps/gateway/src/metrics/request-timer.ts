import { Injectable, type NestMiddleware } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { Metrics } from './metrics.js';

/** Requests that reached no route: pages and files of the web app, wrong addresses. */
const NO_ROUTE = 'none';

/** Times every request. A middleware, not an interceptor, so that what guards refuse is counted too. */
@Injectable()
export class RequestTimer implements NestMiddleware {
  constructor(private readonly metrics: Metrics) {}

  readonly use = (request: Request, response: Response, next: NextFunction): void => {
    const startedAt = performance.now();
    response.once('finish', () => {
      const { method } = request;
      this.metrics.observeRequest(
        { method, route: routeOf(request), status: response.statusCode },
        (performance.now() - startedAt) / 1_000,
      );
    });
    next();
  };
}

function routeOf(request: Request): string {
  const route: unknown = request.route; // Express types it as any
  const path: unknown = typeof route === 'object' && route !== null && 'path' in route ? route.path : undefined;
  // What catches everything that is no route has a star in it.
  return typeof path === 'string' && !path.includes('*') ? path : NO_ROUTE;
}
