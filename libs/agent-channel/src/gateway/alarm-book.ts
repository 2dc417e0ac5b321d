import type { Clock } from '../time/clock.js';
import { RepeatBook } from '../time/repeat-book.js';
import type { AlarmCode, ChannelAlarm } from './gateway-options.js';

const REPEAT_EVERY_MS = 10_000;

/** Raises alarms: the first of a code and agent at once, repeats counted every ten seconds. */
export class AlarmBook {
  private readonly book: RepeatBook;

  constructor(report: (alarm: ChannelAlarm) => void, clock: Clock) {
    this.book = new RepeatBook(
      REPEAT_EVERY_MS,
      () => clock.monotonicMs(),
      (kind, detail, count) => {
        const [agentId = '', code = ''] = kind.split('/');
        report({ agentId, code: code as AlarmCode, detail, at: Math.round(clock.wallMs()), count });
      },
    );
  }

  raise(agentId: string, code: AlarmCode, detail: string): void {
    this.book.raise(`${agentId}/${code}`, detail);
  }

  /** Reports what was held back long enough; call about once a second. */
  tick(): void {
    this.book.tick();
  }
}
