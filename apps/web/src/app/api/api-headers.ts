import type { HttpInterceptorFn } from '@angular/common/http';
import { HEADERS } from '@bailiff/contracts/http/headers';
import { newCorrelationId } from './correlation-id';

/** Proves to the gateway that our own page asks (CSRF), and names the request in the logs of every service it reaches. */
export const apiHeaders: HttpInterceptorFn = (request, next) =>
  next(request.clone({ setHeaders: { [HEADERS.request]: '1', [HEADERS.correlationId]: newCorrelationId() } }));
