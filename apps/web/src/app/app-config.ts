import { provideHttpClient, withInterceptors } from '@angular/common/http';
import type { ApplicationConfig } from '@angular/core';
import { MAT_DIALOG_DEFAULT_OPTIONS, MatDialogConfig } from '@angular/material/dialog';
import { provideRouter, TitleStrategy, withComponentInputBinding, withNavigationErrorHandler } from '@angular/router';
import { apiErrors } from './api/api-errors';
import { apiHeaders } from './api/api-headers';
import { routes } from './app-routes';
import { reloadOutdatedBuild } from './shell/outdated-build';
import { PageTitleStrategy } from './shell/tab-sign';

/** What the whole app is given. */
export const appConfig: ApplicationConfig = {
  providers: [
    provideHttpClient(withInterceptors([apiHeaders, apiErrors])),
    provideRouter(routes, withComponentInputBinding(), withNavigationErrorHandler(reloadOutdatedBuild)),
    { provide: TitleStrategy, useExisting: PageTitleStrategy },
    {
      provide: MAT_DIALOG_DEFAULT_OPTIONS,
      // Given options replace Material's own, `role` among them, so these are laid over them.
      useValue: Object.assign(new MatDialogConfig(), {
        maxWidth: '94vw',
        enterAnimationDuration: 120,
        exitAnimationDuration: 80,
        autoFocus: 'first-tabbable',
      }),
    },
  ],
};
