import {
  afterNextRender,
  Component,
  computed,
  DestroyRef,
  effect,
  ElementRef,
  inject,
  input,
  output,
  signal,
  untracked,
  viewChild,
} from '@angular/core';
import type { MapThresholds } from '@bailiff/contracts/http';
import { ChartLooks } from '../charts/chart-looks';
import { Format } from '../display/format';
import { MESSAGES } from '../messages/messages';
import type { CountryFigure } from './country-figure';
import type { World } from './geodata/world';
import { GlobePainter, type GlobeScene, type GlobeStance } from './globe-painter';
import { mapPaint } from './map-paint';
import { MAX_ZOOM, type MapView, type Pointed, pressed } from './map-view';

const START: GlobeStance = { rotation: [-10, -28], zoom: 1 };
const MAX_TILT = 85;
/** Degrees a second of the slow turn. */
const SPIN = 4;
/** After this much stillness the fine outlines are drawn. */
const REST_MS = 140;
/** A press that moved less is a click. */
const CLICK_PX = 4;
const MAX_RATIO = 2;
const TURN_MS = 350;

/** The same data on a globe: turned by drag and arrow keys, zoomed by wheel and pinch, slowly turning until it is touched. */
@Component({
  selector: 'bailiff-globe',
  template: `<canvas
      #canvas
      tabindex="0"
      role="application"
      [attr.aria-label]="m.globeLabel"
      aria-describedby="bailiff-globe-keys"
      [class.pressed]="pointers.size > 0"
      (pointerdown)="down($event)"
      (pointermove)="move($event)"
      (pointerup)="up($event)"
      (pointercancel)="up($event)"
      (pointerleave)="leave()"
      (keydown)="press($event)"
    ></canvas>
    <p class="visually-hidden" id="bailiff-globe-keys">{{ m.globeKeys }}</p>`,
  styles: `
    :host {
      display: block;
      position: relative;
    }
    canvas {
      position: absolute;
      inset: 0;
      width: 100%;
      height: 100%;
      outline-offset: -3px;
      cursor: grab;
      touch-action: none;
    }
    canvas:active {
      cursor: grabbing;
    }
  `,
})
export class Globe implements MapView {
  private readonly looks = inject(ChartLooks);
  private readonly format = inject(Format);
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  private readonly canvas = viewChild.required<ElementRef<HTMLCanvasElement>>('canvas');
  protected readonly m = inject(MESSAGES).map;

  readonly world = input.required<World>();
  readonly countries = input.required<readonly CountryFigure[]>();
  readonly thresholds = input.required<MapThresholds>();
  readonly chosen = input<string>();
  readonly lit = input<string>();
  readonly pointed = output<Pointed | undefined>();
  readonly choose = output<string | undefined>();

  /** Whether it turns by itself; the page offers to change it. */
  readonly isSpinning = signal(!this.looks.isCalm());
  private readonly hovered = signal<string | undefined>(undefined);
  private readonly scene = computed<GlobeScene>(() => ({
    world: this.world(),
    countries: this.countries(),
    thresholds: this.thresholds(),
    paint: mapPaint(this.looks.look()),
    chosen: this.chosen(),
    lit: this.lit() ?? this.hovered(),
    format: (bans) => this.format.onMap(bans),
  }));

  protected readonly pointers = new Map<number, { x: number; y: number }>();
  private painter: GlobePainter | undefined;
  private stance = START;
  private frame = 0;
  private lastFrame = 0;
  private movedAt = -Infinity;
  private travelled = 0;
  private turn: { from: GlobeStance['rotation']; to: GlobeStance['rotation']; begun: number } | undefined;

  constructor() {
    const destroyRef = inject(DestroyRef);
    effect(() => {
      this.scene();
      untracked(() => this.redraw());
    });
    effect(() => {
      if (this.isSpinning()) untracked(() => this.redraw());
    });
    afterNextRender(() => {
      const canvas = this.canvas().nativeElement;
      const context = canvas.getContext('2d');
      if (context === null) return;
      this.painter = new GlobePainter(context);
      const observer = new ResizeObserver(() => this.measure());
      observer.observe(this.host);
      // Angular's own listeners are passive for the wheel in some browsers: the page must not scroll under the globe.
      const wheel = (event: WheelEvent): void => this.wheel(event);
      canvas.addEventListener('wheel', wheel, { passive: false });
      this.measure();
      destroyRef.onDestroy(() => {
        observer.disconnect();
        canvas.removeEventListener('wheel', wheel);
        cancelAnimationFrame(this.frame);
      });
    });
  }

  zoomBy(factor: number): void {
    this.touched();
    this.stand({ ...this.stance, zoom: Math.min(MAX_ZOOM, Math.max(0.7, this.stance.zoom * factor)) });
  }

  reset(): void {
    this.turn = undefined;
    this.stand(START);
  }

  placeOf(code: string): { x: number; y: number } | undefined {
    return this.painter?.placeOf(this.scene(), code);
  }

  reveal(code: string): void {
    const at = this.world().places.get(code)?.at;
    if (at === undefined) return;
    this.touched();
    const to: [number, number] = [-at[0], -Math.max(-MAX_TILT, Math.min(MAX_TILT, at[1]))];
    if (this.looks.isCalm()) return this.stand({ ...this.stance, rotation: to });
    const [from, tilt] = this.stance.rotation;
    // The short way round.
    const across = ((((to[0] - from) % 360) + 540) % 360) - 180;
    this.turn = { from: [from, tilt], to: [from + across, to[1]], begun: performance.now() };
    this.redraw();
  }

  protected down(event: PointerEvent): void {
    this.touched();
    this.canvas().nativeElement.setPointerCapture(event.pointerId);
    this.pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    this.travelled = this.pointers.size > 1 ? Infinity : 0;
  }

  protected move(event: PointerEvent): void {
    const before = this.pointers.get(event.pointerId);
    if (before === undefined) return this.hover(event);
    const now = { x: event.clientX, y: event.clientY };
    const [dx, dy] = [now.x - before.x, now.y - before.y];
    const other = [...this.pointers].find(([id]) => id !== event.pointerId)?.[1];
    this.pointers.set(event.pointerId, now);
    this.travelled += Math.hypot(dx, dy);
    if (other !== undefined) {
      const apart = (point: { x: number; y: number }): number => Math.hypot(point.x - other.x, point.y - other.y) || 1;
      this.zoomBy(apart(now) / apart(before));
    } else if (this.travelled > CLICK_PX) {
      this.pointed.emit(undefined);
      this.turnBy(dx, dy);
    }
  }

  protected leave(): void {
    this.hovered.set(undefined);
    this.pointed.emit(undefined);
  }

  protected up(event: PointerEvent): void {
    const isClick = this.pointers.delete(event.pointerId) && this.travelled <= CLICK_PX && event.type === 'pointerup';
    if (isClick) this.choose.emit(this.painter?.codeAt(this.scene(), event.offsetX, event.offsetY));
  }

  protected press(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const isOurs = pressed(event.key, this, (dx, dy) => {
      this.touched();
      this.turnBy(dx, dy);
    });
    if (isOurs) event.preventDefault();
  }

  private wheel(event: WheelEvent): void {
    event.preventDefault();
    // Pages and lines of the old days count for more than pixels.
    const pixels = event.deltaY * (event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? 1 : 30);
    this.zoomBy(Math.exp(-pixels * (event.ctrlKey ? 0.01 : 0.0015)));
  }

  private hover(event: PointerEvent): void {
    const code = this.painter?.codeAt(this.scene(), event.offsetX, event.offsetY);
    this.hovered.set(code);
    this.pointed.emit(code === undefined ? undefined : { code, x: event.offsetX, y: event.offsetY });
  }

  /** Somebody took hold of it: it turns no more by itself. */
  private touched(): void {
    this.isSpinning.set(false);
    this.turn = undefined;
  }

  private turnBy(dx: number, dy: number): void {
    const perPixel = 180 / Math.PI / (this.painter?.radius(this.stance) ?? 1);
    const [turn, tilt] = this.stance.rotation;
    const tilted = Math.max(-MAX_TILT, Math.min(MAX_TILT, tilt - dy * perPixel));
    this.stand({ ...this.stance, rotation: [turn + dx * perPixel, tilted] });
  }

  private stand(stance: GlobeStance): void {
    this.stance = stance;
    this.movedAt = performance.now();
    this.redraw();
  }

  private measure(): void {
    const { clientWidth, clientHeight } = this.host;
    this.painter?.resize(clientWidth, clientHeight, Math.min(MAX_RATIO, devicePixelRatio));
    this.redraw();
  }

  private redraw(): void {
    if (this.painter === undefined || this.frame !== 0) return;
    this.lastFrame = performance.now();
    this.frame = requestAnimationFrame((now) => this.step(now));
  }

  private step(now: number): void {
    this.frame = 0;
    if (this.turn !== undefined) this.advanceTurn(now, this.turn);
    else if (this.isSpinning()) {
      const [turn, tilt] = this.stance.rotation;
      this.stance = { ...this.stance, rotation: [turn + (SPIN * Math.min(100, now - this.lastFrame)) / 1_000, tilt] };
      this.movedAt = now;
    }
    const isMoving = now - this.movedAt < REST_MS;
    this.painter?.stand(this.stance);
    this.painter?.draw(this.scene(), isMoving);
    if (isMoving) this.redraw();
  }

  private advanceTurn(now: number, { from, to, begun }: NonNullable<typeof this.turn>): void {
    const part = Math.min(1, (now - begun) / TURN_MS);
    const eased = part * (2 - part);
    const rotation = [from[0] + (to[0] - from[0]) * eased, from[1] + (to[1] - from[1]) * eased] as const;
    this.stance = { ...this.stance, rotation };
    this.movedAt = now;
    if (part === 1) this.turn = undefined;
  }
}
