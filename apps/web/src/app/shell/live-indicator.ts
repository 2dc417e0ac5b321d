import { Component, computed, inject } from '@angular/core';
import { StatusDot, type Tone } from '../display/status-dot';
import { LiveFeed } from '../live/live-feed';
import { MESSAGES } from '../messages/messages';
import { Clock } from '../time/clock';
import { TimeFormat } from '../time/time-format';

/** Whether what is shown is live: Live · Reconnecting · Stale since 12:03. */
@Component({
  selector: 'bailiff-live',
  imports: [StatusDot],
  template: `<button type="button" [title]="hint()" (click)="feed.retryNow()" aria-live="polite">
    <bailiff-status [tone]="tone()"
      ><span class="long">{{ word() }}</span
      ><span class="short">{{ short() }}</span></bailiff-status
    >
  </button>`,
  styles: `
    button {
      height: 30px;
      padding: 0 10px;
      border: 0;
      border-radius: var(--radius);
      background: none;
      color: var(--text-2);
      font-size: var(--text-sm);
    }
    button:hover {
      background: var(--hover);
    }
    .short {
      display: none;
    }
    @media (max-width: 480px) {
      .long {
        display: none;
      }
      .short {
        display: inline;
      }
    }
  `,
})
export class LiveIndicator {
  protected readonly feed = inject(LiveFeed);
  private readonly time = inject(TimeFormat);
  private readonly clock = inject(Clock);
  private readonly m = inject(MESSAGES).shell.live;

  protected readonly tone = computed<Tone>(() => {
    const state = this.feed.state();
    return state === 'live' ? 'ok' : state === 'stale' ? 'warn' : 'busy';
  });
  protected readonly word = computed(() => {
    const state = this.feed.state();
    return state === 'stale' ? this.m.stale(this.time.clock(this.feed.heardAt() ?? this.clock.now())) : this.m[state];
  });
  /** On a phone the notice below says since when. */
  protected readonly short = computed(() => this.m[this.feed.state() === 'stale' ? 'staleShort' : this.feed.state()]);
  protected readonly hint = computed(() => (this.feed.state() === 'live' ? this.m.liveHint : this.m.staleHint));
}
