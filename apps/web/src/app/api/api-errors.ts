import type { HttpInterceptorFn } from '@angular/common/http';
import { inject } from '@angular/core';
import { catchError, throwError } from 'rxjs';
import { SessionEnd } from '../session/session-end';
import { ApiProblem } from './api-problem';

/**
 * The one place where failed answers are read: each becomes an {@link ApiProblem}, and those that mean 'not signed in' or
 * 'not set up' lead to the page that mends it. Only the code is looked at, never the text.
 */
export const apiErrors: HttpInterceptorFn = (request, next) => {
  const sessionEnd = inject(SessionEnd);
  return next(request).pipe(
    catchError((error: unknown) => {
      const problem = ApiProblem.from(error);
      switch (problem.code) {
        case 'auth/required':
        case 'auth/session-expired':
          sessionEnd.toLogin();
          break;
        case 'setup/required':
          sessionEnd.toSetup();
          break;
        default:
      }
      return throwError(() => problem);
    }),
  );
};
