/** Nothing that help desk may lift keeps the address out. */
export class NotBannedError extends Error {
  readonly code = 'ban/not-banned';
  readonly kind = 'user';

  constructor(address: string, network: string | null) {
    super(
      network === null
        ? `${address} is not banned there. Nothing was changed.`
        : `${address} is kept out by a ban of the network ${network}, which an operator has to lift. Nothing was changed.`,
    );
    this.name = NotBannedError.name;
  }
}

/** The help desk's password must be one of its own. */
export class SamePasswordError extends Error {
  readonly code = 'request/invalid';
  readonly kind = 'user';
  readonly fields = [{ pointer: '/newDigest', detail: 'must not be the master password' }];

  constructor() {
    super('This is the master password. Choose another one for the help desk. Nothing was changed.');
    this.name = SamePasswordError.name;
  }
}
