/** A route was declared without saying who may call it. */
export class UnguardedRouteError extends Error {
  readonly code = 'internal/unexpected';
  readonly kind = 'bug';
  constructor(route: string) {
    super(`${route} says neither @Public() nor @Requires()`);
    this.name = UnguardedRouteError.name;
  }
}
