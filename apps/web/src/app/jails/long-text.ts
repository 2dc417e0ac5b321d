import { Component, input } from '@angular/core';
import { CopyButton } from '../display/copy-button';

/** Text of a host, long or hostile: stays text, wraps anywhere, can be copied whole. */
@Component({
  selector: 'bailiff-long-text',
  imports: [CopyButton],
  template: `<pre class="untrusted" dir="ltr" tabindex="0" role="group" [attr.aria-label]="label()">{{ text() }}</pre>
    <bailiff-copy [text]="text()" [label]="label()" />`,
  styles: `
    :host {
      display: flex;
      align-items: flex-start;
      gap: 4px;
      min-width: 0;
      padding: 6px 4px 6px 10px;
      border-radius: var(--radius);
      background: var(--inset);
    }
    pre {
      flex: 1;
      min-width: 0;
      max-height: 260px;
      margin: 0;
      overflow: auto;
      font-size: 0.78rem;
      line-height: 1.25rem;
      white-space: pre-wrap;
    }
  `,
})
export class LongText {
  readonly text = input.required<string>();
  /** What it is, in words. */
  readonly label = input.required<string>();
}
