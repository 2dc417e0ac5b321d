import { inject } from '@angular/core';
import { type CanActivateFn, RedirectCommand, Router } from '@angular/router';
import { ApiProblem } from '../api/api-problem';
import { Session } from './session';

/** Lets signed-in operators through; leads the others to the login page (and back) or to the setup wizard. */
export const requireSession: CanActivateFn = async (_route, state) => {
  const session = inject(Session);
  const router = inject(Router);
  if (session.isSignedIn()) return true;
  try {
    await session.load();
    return true;
  } catch (error) {
    const { code } = ApiProblem.from(error);
    if (code === 'setup/required') return new RedirectCommand(router.parseUrl('/setup'));
    const queryParams = state.url === '/' ? {} : { return: state.url };
    return new RedirectCommand(router.createUrlTree(['/login'], { queryParams }));
  }
};
