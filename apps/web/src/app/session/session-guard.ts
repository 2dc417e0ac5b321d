import { inject } from '@angular/core';
import { type CanActivateFn, RedirectCommand, Router } from '@angular/router';
import { ApiProblem } from '../api/api-problem';
import { safeReturn } from './safe-return';
import { Session } from './session';

/** Lets signed-in operators through; leads the others to the login page (and back) or to the setup wizard. */
export const requireSession: CanActivateFn = async (_route, state) => {
  const session = inject(Session);
  const router = inject(Router);
  // The help desk has one page, which is not behind this guard.
  const leads = () => session.can('read') || new RedirectCommand(router.parseUrl('/help-desk'));
  if (session.isSignedIn()) return leads();
  try {
    await session.load();
    return leads();
  } catch (error) {
    const { code } = ApiProblem.from(error);
    if (code === 'setup/required') return new RedirectCommand(router.parseUrl('/setup'));
    const queryParams = state.url === '/' ? {} : { return: state.url };
    return new RedirectCommand(router.createUrlTree(['/login'], { queryParams }));
  }
};

/**
 * Guards the login page: before anything is set up it leads to the wizard, and who is signed in needs no login. Only an
 * address typed in is looked at; a way that leads here from inside the app knows why.
 */
export const offerLogin: CanActivateFn = async ({ queryParams }) => {
  const session = inject(Session);
  const router = inject(Router);
  if (router.navigated) return true;
  try {
    await session.load();
    return new RedirectCommand(router.parseUrl(safeReturn(queryParams['return'] as string | undefined)));
  } catch (error) {
    return ApiProblem.from(error).code !== 'setup/required' || new RedirectCommand(router.parseUrl('/setup'));
  }
};
