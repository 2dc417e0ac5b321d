import { DOCUMENT, inject, Service } from '@angular/core';

/** Opens the WebSocket of the live feed. A class of its own so that a test can hand in a socket it holds both ends of. */
@Service()
export class LiveSocketFactory {
  private readonly document = inject(DOCUMENT);

  /** `since`: last feed id seen, to be sent what was missed. */
  open(since: string | undefined): WebSocket {
    const url = new URL('api/live', this.document.baseURI);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    if (since !== undefined) url.searchParams.set('since', since);
    return new WebSocket(url);
  }
}
