import { inject, Service } from '@angular/core';
import type { HelpDeskBan } from '@bailiff/contracts/http';
import { MESSAGES } from '../messages/messages';
import { Clock } from '../time/clock';
import { TimeFormat } from '../time/time-format';

/** Bans in whole sentences, for people who have never heard of jails. */
@Service()
export class HelpDeskWords {
  private readonly m = inject(MESSAGES).helpDesk;
  private readonly time = inject(TimeFormat);
  private readonly clock = inject(Clock);

  /** `Banned on web-1 since 14:02 by sshd because of 5 failed attempts; it ends 15:02.` */
  sentence(ban: HelpDeskBan): string {
    const now = this.clock.now();
    const at = (moment: string): string => this.time.short(moment, now);
    const common = {
      host: ban.hostName,
      since: at(ban.since),
      jail: ban.jail,
      end: ban.until === null ? this.m.endsNever : this.m.ends(at(ban.until)),
    };
    if (ban.network !== null) return this.m.sentenceNetwork({ ...common, network: ban.network });
    if (ban.origin === 'manual') return this.m.sentenceManual(common);
    return this.m.sentence({ ...common, why: this.why(ban) });
  }

  private why({ origin, failures }: HelpDeskBan): string {
    switch (origin) {
      case 'manual':
        return '';
      case 'blocklist':
        return this.m.whyList;
      case 'fleet':
        return this.m.whyFleet;
      case 'selfblock':
        return failures === null || failures === 0 ? '' : this.m.why(failures);
    }
  }
}
