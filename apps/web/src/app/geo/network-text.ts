import { Component, computed, input } from '@angular/core';

/** `AS64500 Example`; empty when no network is known. */
export function networkText({ asn, asName }: NetworkOfRow): string {
  if (asn === undefined || asn === null) return '';
  return asName === undefined || asName === null ? `AS${asn}` : `AS${asn} ${asName}`;
}

/** What a row says of the network its address belongs to. */
export interface NetworkOfRow {
  readonly asn?: number | null;
  readonly asName?: string | null;
}

/** The network of an address: its number, then its operator, who chose that name. */
@Component({
  selector: 'bailiff-network',
  template: `@if (row().asn; as asn) {
    <span class="untrusted" [title]="text()">
      <span class="mono">AS{{ asn }}</span>
      @if (row().asName; as name) {
        {{ ' ' }}<bdi>{{ name }}</bdi>
      }
    </span>
  }`,
  styles: `
    :host {
      display: inline-block;
      min-width: 0;
      max-width: 100%;
    }
    span.untrusted {
      display: block;
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    .mono {
      font-size: 0.8125rem;
    }
    bdi {
      color: var(--text-2);
    }
  `,
})
export class NetworkText {
  readonly row = input.required<NetworkOfRow>();
  protected readonly text = computed(() => networkText(this.row()));
}
