import { Component, computed, inject, input } from '@angular/core';
import type { JailAction } from '@bailiff/contracts/http';
import { Fact } from '../display/fact';
import { MESSAGES } from '../messages/messages';
import { LongText } from './long-text';

/** What is executed on ban and unban: commands and properties as text. */
@Component({
  selector: 'bailiff-jail-actions',
  imports: [Fact, LongText],
  template: `<p class="muted">{{ m.text }}</p>
    @for (action of views(); track action.name) {
      <section class="card">
        <h2 class="untrusted">{{ action.name }}</h2>
        @for (command of action.commands; track command.name) {
          <div>
            <h3 class="untrusted">{{ command.name }}</h3>
            <bailiff-long-text [text]="command.value" [label]="command.name" />
          </div>
        }
        @if (action.properties.length > 0) {
          <h3>{{ m.properties }}</h3>
          <div>
            @for (property of action.properties; track property.name) {
              <bailiff-fact [name]="property.name">{{ property.value || m.empty }}</bailiff-fact>
            }
          </div>
        }
        @if (action.methods.length > 0) {
          <h3>{{ m.methods }}</h3>
          <p class="mono untrusted">{{ action.methods.join(', ') }}</p>
        }
      </section>
    } @empty {
      <p>{{ m.none }}</p>
    }`,
  styles: `
    :host {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      gap: 12px;
    }
    section {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      gap: 10px;
      padding: 14px 16px;
    }
    p {
      font-size: var(--text-sm);
    }
    h3 {
      color: var(--text-2);
    }
    bailiff-fact {
      grid-template-columns: minmax(90px, 190px) minmax(0, 1fr);
      overflow-wrap: anywhere;
    }
  `,
})
export class JailActions {
  protected readonly m = inject(MESSAGES).jail.actions;
  readonly actions = input.required<readonly JailAction[]>();
  protected readonly views = computed(() =>
    this.actions().map(({ name, properties, methods }) => {
      const isCommand = ({ name: key, value }: { name: string; value: string }) =>
        key.startsWith('action') && value !== '';
      return {
        name,
        methods,
        commands: properties.filter((property) => isCommand(property) && property.name !== 'actname'),
        properties: properties.filter((property) => !isCommand(property) && !property.name.startsWith('action')),
      };
    }),
  );
}
