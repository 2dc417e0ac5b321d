/** The environment does not make a valid configuration; `problems` holds one sentence a variable. */
export class ConfigError extends Error {
  readonly code = 'config/invalid';
  readonly kind = 'user';

  constructor(readonly problems: readonly string[]) {
    super(`The configuration is not valid:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = ConfigError.name;
  }
}
