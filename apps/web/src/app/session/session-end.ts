import { inject, Service, signal } from '@angular/core';
import { Router } from '@angular/router';

/** What happens when the server says that nobody is signed in, or that nothing is set up yet. */
@Service()
export class SessionEnd {
  private readonly router = inject(Router);
  /** Grows each time a session is found to have ended; what belongs to the session watches it. */
  readonly ended = signal(0);

  /** Goes to the login page, which leads back to where the operator was. */
  toLogin(): void {
    this.ended.update((n) => n + 1);
    const url = this.router.url;
    // While the first navigation runs, its guard decides.
    if (!this.router.navigated || url.startsWith('/login') || url.startsWith('/setup')) return;
    void this.router.navigate(['/login'], { queryParams: { return: url, why: 'expired' } });
  }

  /** Goes to the setup wizard. */
  toSetup(): void {
    if (!this.router.navigated || this.router.url.startsWith('/setup')) return;
    void this.router.navigate(['/setup']);
  }
}
