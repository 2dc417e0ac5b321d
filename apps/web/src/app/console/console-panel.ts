import { Clipboard } from '@angular/cdk/clipboard';
import {
  afterNextRender,
  afterRenderEffect,
  Component,
  computed,
  DestroyRef,
  ElementRef,
  inject,
  output,
  signal,
  viewChild,
} from '@angular/core';
import { MatIconButton } from '@angular/material/button';
import type { ConsoleLevel } from '@bailiff/contracts/http/console';
import { mdiArrowDown, mdiCheck, mdiClose, mdiContentCopy, mdiNotificationClearAll, mdiPause, mdiPlay } from '@mdi/js';
import { Icon } from '../display/icon';
import { MESSAGES } from '../messages/messages';
import { type ConsoleEntry, ConsoleLog } from './console-log';
import { ConsoleRow } from './console-row';
import { isWanted, lineText } from './console-text';

/** Least severe level shown. */
const LEVELS = ['trace', 'debug', 'info', 'warn', 'error'] as const satisfies readonly ConsoleLevel[];
/** Closer to the end than this, and the list goes along with what is added. Pixels. */
const END_PX = 24;
const COPIED_MS = 1_500;

/** The gateway's log below the page: level and text filter, pause, clear, copy. */
@Component({
  selector: 'bailiff-console',
  imports: [ConsoleRow, Icon, MatIconButton],
  templateUrl: './console-panel.html',
  styleUrl: './console-panel.scss',
  host: {
    role: 'region',
    tabindex: '-1',
    '[attr.aria-label]': 'm.title',
    '(keydown.escape)': 'dismiss.emit()',
  },
})
export class ConsolePanel {
  private readonly log = inject(ConsoleLog);
  private readonly clipboard = inject(Clipboard);
  private readonly destroyRef = inject(DestroyRef);
  private readonly list = viewChild.required<ElementRef<HTMLElement>>('list');
  protected readonly m = inject(MESSAGES).console;
  protected readonly levels = LEVELS;
  protected readonly icons = {
    pause: mdiPause,
    resume: mdiPlay,
    clear: mdiNotificationClearAll,
    copy: mdiContentCopy,
    done: mdiCheck,
    close: mdiClose,
    down: mdiArrowDown,
  };
  readonly dismiss = output();

  protected readonly least = signal<(typeof LEVELS)[number]>('trace');
  protected readonly filter = signal('');
  /** What was there when it was paused. */
  private readonly still = signal<readonly ConsoleEntry[] | undefined>(undefined);
  protected readonly isPaused = computed(() => this.still() !== undefined);
  protected readonly held = computed(() => this.still() ?? this.log.entries());
  protected readonly shown = computed(() => {
    const least = this.least();
    const text = this.filter().trim();
    return this.held().filter((entry) => !('line' in entry) || isWanted(entry.line, least, text));
  });
  protected readonly status = computed(() => {
    const still = this.still();
    if (still === undefined) return this.m.count(this.shown().length, this.held().length);
    const seen = still.at(-1)?.id ?? 0;
    return this.m.paused(this.log.entries().filter(({ id }) => id > seen).length);
  });
  protected readonly isAtEnd = signal(true);
  protected readonly isCopied = signal(false);

  constructor() {
    const host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
    afterNextRender(() => host.focus());
    afterRenderEffect(() => {
      this.shown();
      if (this.isAtEnd()) this.toEnd();
    });
  }

  protected choose(event: Event): void {
    const { value } = event.target as HTMLSelectElement;
    this.least.set(LEVELS.find((level) => level === value) ?? 'trace');
  }

  /** The first Escape empties the filter, the next one closes. */
  protected clearFilter(event: Event): void {
    if (this.filter() === '') return;
    event.stopPropagation();
    event.preventDefault();
    this.filter.set('');
  }

  protected pauseOrResume(): void {
    this.still.update((still) => (still === undefined ? this.log.entries() : undefined));
  }

  protected clear(): void {
    this.log.clear();
    if (this.isPaused()) this.still.set([]);
  }

  protected copy(): void {
    const text = this.shown().map((entry) => ('line' in entry ? lineText(entry.line) : `… ${this.m.lost(entry.lost)}`));
    if (!this.clipboard.copy(text.join('\n'))) return;
    this.isCopied.set(true);
    const timer = setTimeout(() => this.isCopied.set(false), COPIED_MS);
    this.destroyRef.onDestroy(() => clearTimeout(timer));
  }

  protected scrolled(): void {
    const { scrollTop, scrollHeight, clientHeight } = this.list().nativeElement;
    this.isAtEnd.set(scrollHeight - scrollTop - clientHeight < END_PX);
  }

  protected toEnd(): void {
    const element = this.list().nativeElement;
    element.scrollTop = element.scrollHeight;
    this.isAtEnd.set(true);
  }
}
