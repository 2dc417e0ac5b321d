import { Component, computed, inject, input, output } from '@angular/core';
import type { ConsoleLine } from '@bailiff/contracts/http';
import { MESSAGES } from '../messages/messages';
import { TimeFormat } from '../time/time-format';
import { fieldsText } from './console-text';

/** One line of the log. */
@Component({
  selector: 'bailiff-console-row',
  template: `<span class="head"
      ><time class="at" [attr.datetime]="line().at" [title]="time.absolute(line().at)">{{ at() }}</time>
      <span class="level" [class]="line().level">{{ line().level }}</span>
      <span class="context untrusted" [title]="line().context ?? ''">{{ line().context }}</span></span
    ><span class="text untrusted" dir="auto"
      >{{ line().message }}
      @if (line().error; as text) {
        <span class="wrong">{{ ' ' + text }}</span>
      }
      @if (fields(); as text) {
        <span class="more">{{ ' ' + text }}</span>
      }
      @if (line().correlationId; as id) {
        <!-- The filter takes what is written here: no stop of the Tab key on each line. -->
        &ngsp;<button type="button" tabindex="-1" [title]="m.only(id)" (click)="only.emit(id)">{{ short(id) }}</button>
      }
    </span>`,
  styleUrl: './console-row.scss',
})
export class ConsoleRow {
  protected readonly time = inject(TimeFormat);
  protected readonly m = inject(MESSAGES).console;
  readonly line = input.required<ConsoleLine>();
  /** Asks for what has this correlation id alone. */
  readonly only = output<string>();

  protected readonly at = computed(() => this.time.precise(this.line().at));
  protected readonly fields = computed(() => fieldsText(this.line()));

  /** Enough of a correlation id to know it again. */
  protected short(id: string): string {
    return id.slice(0, 8);
  }
}
