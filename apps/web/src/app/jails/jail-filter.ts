import { Component, computed, inject, input } from '@angular/core';
import type { JailSettings } from '@bailiff/contracts/http';
import { MESSAGES } from '../messages/messages';
import { LongText } from './long-text';

/** The expressions of a jail's filter: text to read and copy. */
@Component({
  selector: 'bailiff-jail-filter',
  imports: [LongText],
  template: `<p class="muted">{{ m.expanded }}</p>
    @for (group of groups(); track group.title) {
      <section>
        <h2>
          {{ group.title }} <span class="muted">{{ group.texts.length }}</span>
        </h2>
        @for (text of group.texts; track $index) {
          <bailiff-long-text [text]="text" [label]="group.title + ': ' + m.number($index + 1)" />
        } @empty {
          <p class="muted">{{ m.none }}</p>
        }
      </section>
    }`,
  styles: `
    :host {
      display: grid;
      gap: 16px;
    }
    section {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      gap: 6px;
    }
    p {
      font-size: var(--text-sm);
    }
    h2 .muted {
      font-weight: 400;
    }
  `,
})
export class JailFilter {
  protected readonly m = inject(MESSAGES).jail.filter;
  readonly settings = input.required<JailSettings>();
  protected readonly groups = computed(() => {
    const { prefregex, failregex, ignoreregex } = this.settings();
    return [
      { title: this.m.prefregex, texts: prefregex === null || prefregex === '' ? [] : [prefregex] },
      { title: this.m.failregex, texts: failregex },
      { title: this.m.ignoreregex, texts: ignoreregex },
    ];
  });
}
