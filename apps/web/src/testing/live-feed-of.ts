import type { LiveMessage } from '@bailiff/contracts/http';
import { Subject } from 'rxjs';
import type { LiveFeed } from '../app/live/live-feed';

/** Stands in for the live feed: says what the spec makes it say. */
export function liveFeedOf() {
  const messages = new Subject<LiveMessage>();
  const feed: Pick<LiveFeed, 'on'> = {
    on: (types, destroyRef, handle) => {
      const wanted: readonly string[] = types;
      const subscription = messages.subscribe((message) => {
        if (wanted.includes(message.type)) handle(message as Parameters<typeof handle>[0]);
      });
      destroyRef.onDestroy(() => subscription.unsubscribe());
    },
  };
  return { feed, say: (message: LiveMessage): void => messages.next(message) };
}
