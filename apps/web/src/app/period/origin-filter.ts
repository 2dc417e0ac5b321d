import { Component, inject, input, output } from '@angular/core';
import { MatButtonToggle, MatButtonToggleGroup } from '@angular/material/button-toggle';
import type { BanOrigin } from '@bailiff/contracts/http';
import { MESSAGES } from '../messages/messages';

const ORIGINS: readonly BanOrigin[] = ['selfblock', 'manual', 'blocklist', 'fleet'];

/** Which bans a page is about, by who made them: all, or one origin. */
@Component({
  selector: 'bailiff-origin-filter',
  imports: [MatButtonToggle, MatButtonToggleGroup],
  template: `<mat-button-toggle-group
    hideSingleSelectionIndicator
    [attr.aria-label]="m.origin"
    [value]="origin() ?? ''"
    (change)="originChange.emit($event.value || undefined)"
  >
    <mat-button-toggle value="">{{ words.allOrigins }}</mat-button-toggle>
    @for (name of origins; track name) {
      <mat-button-toggle [value]="name" [title]="m.originHints[name]">{{ m.origins[name] }}</mat-button-toggle>
    }
  </mat-button-toggle-group>`,
  styleUrl: './segments.scss',
})
export class OriginFilter {
  protected readonly m = inject(MESSAGES).bans;
  protected readonly words = inject(MESSAGES).stats;
  protected readonly origins = ORIGINS;
  /** undefined: all. */
  readonly origin = input.required<string | undefined>();
  readonly originChange = output<string | undefined>();
}
