import type { Problem } from '@bailiff/contracts/http';

/** Nothing works before the application is set up. */
export class SetupRequiredError extends Error {
  readonly code = 'setup/required';
  readonly kind = 'user';
  readonly extra: Partial<Problem> = { setup_required: true };
  constructor() {
    super('Bailiff has not been set up yet. Open /setup with the setup token that the gateway printed at its start.');
    this.name = SetupRequiredError.name;
  }
}

/** Setup was finished before; it can't be done again. */
export class SetupCompleteError extends Error {
  readonly code = 'setup/already-complete';
  readonly kind = 'user';
  constructor() {
    super('Bailiff has been set up already. Sign in and use the settings.');
    this.name = SetupCompleteError.name;
  }
}

/** The setup token is missing or wrong. */
export class SetupTokenError extends Error {
  readonly code = 'setup/token-invalid';
  readonly kind = 'user';
  constructor() {
    super('The setup token is missing or wrong. The gateway prints it when it starts.');
    this.name = SetupTokenError.name;
  }
}
