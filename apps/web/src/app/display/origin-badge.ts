import { Component, computed, inject, input } from '@angular/core';
import type { BanOrigin } from '@bailiff/contracts/http';
import { mdiAccount, mdiFormatListBulleted, mdiLan, mdiShieldOutline } from '@mdi/js';
import { MESSAGES } from '../messages/messages';
import { Icon } from './icon';

const ICONS: Record<BanOrigin, string> = {
  selfblock: mdiShieldOutline,
  manual: mdiAccount,
  blocklist: mdiFormatListBulleted,
  fleet: mdiLan,
};

/** Who made a ban: told apart by word and shape, not only by colour. */
@Component({
  selector: 'bailiff-origin',
  imports: [Icon],
  template: `<bailiff-icon [path]="icon()" [size]="13" />{{ m.origins[origin()] }}`,
  host: { '[class]': 'origin()', '[title]': 'm.originHints[origin()]' },
  styles: `
    :host {
      display: inline-flex;
      align-items: center;
      gap: 4px;
      height: 20px;
      padding: 0 7px 0 5px;
      border: 1px solid var(--line-strong);
      border-radius: 10px;
      color: var(--text-2);
      font-size: var(--text-xs);
      white-space: nowrap;
    }
    :host(.manual) {
      border-color: transparent;
      border-radius: var(--radius-s);
      background: var(--accent-soft);
      color: var(--accent-strong);
    }
    :host(.blocklist) {
      border-style: dashed;
      border-radius: var(--radius-s);
    }
    :host(.fleet) {
      border-color: transparent;
      background: var(--info-soft);
      color: var(--info);
    }
  `,
})
export class OriginBadge {
  protected readonly m = inject(MESSAGES).bans;
  readonly origin = input.required<BanOrigin>();
  protected readonly icon = computed(() => ICONS[this.origin()]);
}
