import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { SetupState } from './setup-state.js';
import { SetupCompleteError, SetupRequiredError } from './setup.errors.js';

/** What answers before setup: setup itself, health, and the enrolment of agents (its token is its own credential). */
const OPEN = /^\/api\/(health|enrol)(\/|$)/;
const SETUP = /^\/api\/setup(\/|$)/;

/**
 * Refuses the whole API before setup is complete, addresses that don't exist included, and setup itself afterwards, whatever
 * is sent to it. A middleware, not a guard: guards stand only before routes.
 */
export function setupGate(state: SetupState): RequestHandler {
  return (request: Request, _response: Response, next: NextFunction): void => {
    const { path } = request;
    if ((path !== '/api' && !path.startsWith('/api/')) || OPEN.test(path)) return next();
    const isSetup = SETUP.test(path);
    state.isComplete().then((isComplete) => {
      if (isComplete === !isSetup) next();
      else next(isComplete ? new SetupCompleteError() : new SetupRequiredError());
    }, next);
  };
}
