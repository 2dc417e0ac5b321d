import { inject } from '@angular/core';
import type { CanMatchFn } from '@angular/router';
import { ApiProblem } from '../api/api-problem';
import { Session } from '../session/session';

/** Matches when whoever is signed in may use the help desk and nothing else. */
export const isHelpDeskOnly: CanMatchFn = async () => {
  const session = inject(Session);
  if (!session.isSignedIn()) {
    try {
      await session.load();
    } catch (error) {
      // Nobody is signed in, or nothing is set up: the routes that follow lead on.
      ApiProblem.from(error);
      return false;
    }
  }
  return session.can('helpdesk') && !session.can('read');
};
