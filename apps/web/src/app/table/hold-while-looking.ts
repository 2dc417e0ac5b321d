import { DestroyRef, Directive, effect, ElementRef, inject, input, signal } from '@angular/core';
import { VIRTUAL_SCROLLABLE } from '@angular/cdk/scrolling';
import type { RowSource } from './row-source';

/** The pointer counts as being about to click for so long after it moved. */
const POINTING_MS = 2_500;

/**
 * Makes new rows wait while the operator has scrolled away or is pointing at a row, so that nothing moves under the pointer;
 * lets them in as soon as neither holds.
 */
@Directive({ selector: '[bailiffHoldWhileLooking]', host: { '(pointermove)': 'point()', '(pointerleave)': 'leave()' } })
export class HoldWhileLooking<T> {
  readonly source = input.required<RowSource<T>>({ alias: 'bailiffHoldWhileLooking' });
  private readonly element = inject<ElementRef<HTMLElement>>(ElementRef);
  private readonly scrollable = inject(VIRTUAL_SCROLLABLE, { optional: true });
  private readonly isAway = signal(false);
  private readonly isPointing = signal(false);
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    effect(() => this.source().hold(this.isAway() || this.isPointing()));
    const scrolled = this.scrollable?.elementScrolled().subscribe(() => this.look());
    inject(DestroyRef).onDestroy(() => {
      scrolled?.unsubscribe();
      clearTimeout(this.timer);
    });
  }

  protected point(): void {
    this.isPointing.set(true);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.isPointing.set(false), POINTING_MS);
  }

  protected leave(): void {
    clearTimeout(this.timer);
    this.isPointing.set(false);
  }

  /** Away: the first row lies above what is seen. */
  private look(): void {
    const scroller = this.scrollable?.getElementRef().nativeElement;
    if (scroller === undefined) return;
    const above = scroller.getBoundingClientRect().top - this.element.nativeElement.getBoundingClientRect().top;
    this.isAway.set(above > 8);
  }
}
