import { Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { addressCount, tryParseNetwork } from '@bailiff/ip';
import { addressPath } from '../address/address-path';
import { HostScope } from '../hosts/host-scope';
import { MESSAGES } from '../messages/messages';
import { CopyButton } from './copy-button';
import { Flag } from './flag';

/** IPv6 addresses of more characters are cut in the middle where room is short. */
const LONG = 24;

/** An address or network wherever one is shown: flag and country code, then monospace, never wrapped, with a copy button. */
@Component({
  selector: 'bailiff-ip',
  imports: [CopyButton, Flag, RouterLink],
  template: `@if (country() !== undefined) {
      <bailiff-flag [code]="country() ?? null" />
    }
    @if (path(); as link) {
      <a
        class="address ellipsis untrusted"
        dir="ltr"
        tabindex="-1"
        [title]="hint()"
        [class.parted]="tail()"
        [attr.aria-label]="tail() ? address() : null"
        [style.--tail]="tail().length"
        [routerLink]="link"
        [queryParams]="scope.link()"
        (click)="$event.stopPropagation()"
        ><span [class]="tail() ? 'head ellipsis' : ''">{{ head() }}</span
        ><span>{{ tail() }}</span></a
      >
    } @else {
      <span class="address ellipsis untrusted" dir="ltr" [title]="hint()">{{ address() }}</span>
    }
    @if (copyable()) {
      <bailiff-copy [text]="address()" />
    }`,
  styles: `
    :host {
      display: inline-flex;
      align-items: center;
      gap: 6px;
      min-width: 0;
      max-width: 100%;
    }
    bailiff-flag {
      flex: none;
    }
    .address {
      font: 450 0.8125rem / 1.25rem var(--mono);
      font-variant-ligatures: none;
      letter-spacing: -0.01em;
    }
    /* Of a long address the end is what tells it from its neighbours: the middle gives way. */
    .parted {
      letter-spacing: 0;
      text-overflow: clip;
    }
    .head {
      display: inline-block;
      max-width: calc(100% - var(--tail) * 1ch + 1px);
      vertical-align: bottom;
    }
    a.address {
      color: inherit;
    }
    /* Takes no room until it is wanted. */
    bailiff-copy {
      width: 0;
      overflow: hidden;
      opacity: 0;
    }
    :host(:hover) bailiff-copy,
    bailiff-copy:focus-within {
      width: 24px;
      opacity: 1;
    }
    @media (hover: none) {
      bailiff-copy {
        display: none;
      }
    }
  `,
})
export class IpAddressText {
  private readonly m = inject(MESSAGES).common;
  /** As the API gives it: canonical. */
  readonly address = input.required<string>();
  /** ISO code; null: unknown; undefined: no flag is shown. */
  readonly country = input<string | null>();
  readonly copyable = input(true);

  protected readonly scope = inject(HostScope);
  /** Its page; none for a ban id that is no address. In lists the row is what Tab and Enter work on; its details link there too. */
  protected readonly path = computed(() => addressPath(this.address()));
  /** The last two groups of an address too long for most columns. */
  protected readonly tail = computed(() => {
    const address = this.address();
    if (address.length <= LONG || !address.includes(':')) return '';
    return /(?:[^:]*:)?[^:]*$/.exec(address)?.[0] ?? '';
  });
  protected readonly head = computed(() => this.address().slice(0, this.address().length - this.tail().length));
  protected readonly hint = computed(() => {
    const network = this.address().includes('/') ? tryParseNetwork(this.address()) : undefined;
    if (network === undefined) return this.address();
    return `${this.address()} · ${this.m.networkSize(addressCount(network).toLocaleString(undefined))}`;
  });
}
