import { Component, computed, inject, input } from '@angular/core';
import { Format } from './format';

/** A country's flag (an SVG file of its own, loaded when seen) and its code; the name is in the tooltip. */
@Component({
  selector: 'bailiff-flag',
  template: `@if (file(); as src) {
      <img [src]="src" width="18" height="13" alt="" decoding="async" />
    } @else {
      <span class="blank"></span>
    }
    @if (named()) {
      <span class="name ellipsis">{{ name() }}</span>
    } @else {
      <span class="code" aria-hidden="true">{{ code() ?? '··' }}</span>
      <span class="visually-hidden">{{ name() }}</span>
    }`,
  host: { '[attr.title]': 'named() ? null : name()' },
  styles: `
    :host {
      display: inline-flex;
      align-items: center;
      gap: 6px;
      min-width: 0;
    }
    img,
    .blank {
      flex: none;
      width: 18px;
      height: 13px;
      border-radius: 2px;
      background: var(--inset);
      box-shadow: 0 0 0 1px var(--line);
      object-fit: cover;
    }
    .code {
      width: 1.6em;
      color: var(--text-3);
      font-size: var(--text-xs);
      letter-spacing: 0.02em;
    }
  `,
})
export class Flag {
  private readonly format = inject(Format);
  /** ISO 3166-1 alpha-2 in capitals; null when unknown. */
  readonly code = input.required<string | null>();
  /** Whether the country's name is written out. */
  readonly named = input(false);

  protected readonly name = computed(() => this.format.country(this.code()));
  protected readonly file = computed(() => {
    const code = this.code();
    return code !== null && /^[A-Z]{2}$/.test(code) ? `flags/${code.toLowerCase()}.svg` : undefined;
  });
}
