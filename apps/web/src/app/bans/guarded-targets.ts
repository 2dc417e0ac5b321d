import { afterNextRender, Component, ElementRef, inject, input, model, viewChild } from '@angular/core';
import { MatFormField, MatInput, MatLabel } from '@angular/material/input';
import { MESSAGES } from '../messages/messages';
import type { GuardedTarget } from './guarded-target';

/** Names every protected target, and takes the typed word without which they are not banned. */
@Component({
  selector: 'bailiff-guarded-targets',
  imports: [MatFormField, MatInput, MatLabel],
  template: `<p id="guarded-title">{{ m.guardedTitle(targets().length) }}</p>
    <div #all class="all" role="group" tabindex="0" aria-labelledby="guarded-title">
      <ul>
        @for (target of targets(); track $index) {
          <li>
            <span class="mono" dir="ltr">{{ target.address }}</span>
            <span class="muted untrusted" dir="auto">{{ reason(target) }}</span>
          </li>
        }
      </ul>
    </div>
    <mat-form-field appearance="outline" subscriptSizing="dynamic">
      <mat-label>{{ common.typeToConfirm(confirmBy()) }}</mat-label>
      <input #word matInput autocomplete="off" [value]="typed()" (input)="typed.set(word.value)" />
    </mat-form-field>`,
  styles: `
    :host {
      display: grid;
      gap: 10px;
    }
    p {
      font-weight: 550;
    }
    .all {
      overflow: auto;
      max-height: 168px;
      padding: 4px 12px;
      border: 1px solid var(--line);
      border-radius: var(--radius);
    }
    ul {
      padding: 0;
      list-style: none;
    }
    li {
      display: flex;
      flex-wrap: wrap;
      gap: 0 10px;
      padding: 4px 0;
      font-size: var(--text-sm);
    }
  `,
})
export class GuardedTargets {
  protected readonly m = inject(MESSAGES).bans.banDialog;
  protected readonly common = inject(MESSAGES).common;
  readonly targets = input.required<readonly GuardedTarget[]>();
  /** What must be typed. */
  readonly confirmBy = input.required<string>();
  readonly typed = model('');
  private readonly all = viewChild.required<ElementRef<HTMLElement>>('all');

  constructor() {
    const host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
    // They come below a long form, in the place of the button that was pressed: they are to be seen, and read out.
    afterNextRender(() => {
      this.all().nativeElement.focus({ preventScroll: true });
      // Not every DOM can scroll.
      if ('scrollIntoView' in host) host.scrollIntoView({ block: 'nearest' });
    });
  }

  /** Most reasons begin with the address, which stands beside them. */
  protected reason({ address, detail, hostName }: GuardedTarget): string {
    const text = detail.startsWith(`${address} `) ? detail.slice(address.length + 1) : detail;
    return hostName === undefined ? text : `${text} · ${hostName}`;
  }
}
