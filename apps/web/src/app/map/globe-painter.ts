import type { MapThresholds } from '@bailiff/contracts/http';
import { geoContains, geoDistance, geoGraticule10, geoOrthographic, geoPath, type GeoPermissibleObjects } from 'd3-geo';
import { banColour } from './colour-scale';
import type { CountryFigure } from './country-figure';
import type { World } from './geodata/world';
import type { MapPaint } from './map-paint';

/** How the globe stands. */
export interface GlobeStance {
  /** Turned about its axis and towards us, degrees. */
  readonly rotation: readonly [number, number];
  /** 1: the whole globe fits. */
  readonly zoom: number;
}

export interface GlobeScene {
  readonly world: World;
  readonly countries: readonly CountryFigure[];
  readonly thresholds: MapThresholds;
  readonly paint: MapPaint;
  readonly chosen: string | undefined;
  readonly lit: string | undefined;
  readonly format: (bans: number) => string;
}

const DOT_PX = 4.5;
/** A dot can be hit from this far, pixels. */
const DOT_REACH_PX = 9;
/** Labels are left out this near to the edge, radians from the middle. */
const LABEL_HORIZON = Math.PI / 2 - 0.12;

const SPHERE = { type: 'Sphere' } as const;
const GRATICULE = geoGraticule10();

/** Draws the globe on a canvas and finds what lies under a point of it. */
export class GlobePainter {
  private readonly projection = geoOrthographic().clipAngle(90).precision(0.4);
  private width = 1;
  private height = 1;

  constructor(private readonly context: CanvasRenderingContext2D) {}

  /** Measures in CSS pixels; `ratio` device pixels for each. */
  resize(width: number, height: number, ratio: number): void {
    [this.width, this.height] = [width, height];
    const { canvas } = this.context;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
  }

  /** Radius of the globe, pixels. */
  radius({ zoom }: GlobeStance): number {
    return Math.max(1, (Math.min(this.width, this.height) / 2 - 16) * zoom);
  }

  stand(stance: GlobeStance): void {
    const [turn, tilt] = stance.rotation;
    this.projection
      .rotate([turn, tilt])
      .scale(this.radius(stance))
      .translate([this.width / 2, this.height / 2])
      // Nothing beyond the canvas is worth a stroke.
      .clipExtent([
        [-2, -2],
        [this.width + 2, this.height + 2],
      ]);
  }

  /** `isMoving`: coarse outlines and no graticule, to keep up with the hand. */
  draw(scene: GlobeScene, isMoving: boolean): void {
    const { context } = this;
    const { paint, world, countries, thresholds } = scene;
    const path = geoPath(this.projection, context);
    const trace = (shape: GeoPermissibleObjects): void => {
      context.beginPath();
      path(shape);
    };
    context.clearRect(0, 0, this.width, this.height);
    context.lineJoin = 'round';
    trace(SPHERE);
    context.fillStyle = paint.sea;
    context.fill();
    trace(GRATICULE);
    context.lineWidth = 0.6;
    context.strokeStyle = paint.grid;
    context.stroke();
    const bans = new Map(countries.map((figure) => [figure.code, figure.bans]));
    const outlines = isMoving ? world.coarse : world.outlines;
    // One path for all land without bans: one fill and one stroke instead of two hundred.
    const plain = outlines.filter(({ code }) => !bans.has(code));
    context.beginPath();
    for (const { shape } of plain) path(shape);
    context.fillStyle = paint.land;
    context.strokeStyle = paint.border;
    context.lineWidth = 0.7;
    context.fill();
    context.stroke();
    for (const { code, shape } of outlines) {
      const fill = banColour(bans.get(code) ?? 0, thresholds, paint.scale);
      if (fill === undefined) continue;
      trace(shape);
      context.fillStyle = fill;
      context.fill();
      context.stroke();
    }
    for (const [code, colour, width] of [
      [scene.lit, paint.lit, 1.5],
      [scene.chosen, paint.chosen, 2.5],
    ] as const) {
      const outline = outlines.find((each) => each.code !== '' && each.code === code);
      if (outline === undefined) continue;
      trace(outline.shape);
      context.lineWidth = width;
      context.strokeStyle = colour;
      context.stroke();
    }
    trace(SPHERE);
    context.lineWidth = 1;
    context.strokeStyle = paint.border;
    context.stroke();
    this.drawDots(scene);
    this.drawLabels(scene);
  }

  /** Where a country's label stands; undefined on the far side and beyond the canvas. */
  placeOf(
    { world }: Pick<GlobeScene, 'world'>,
    code: string,
    horizon = Math.PI / 2,
  ): { x: number; y: number } | undefined {
    const at = world.places.get(code)?.at;
    if (at === undefined) return undefined;
    const [turn, tilt] = this.projection.rotate();
    if (geoDistance([at[0], at[1]], [-turn, -tilt]) > horizon) return undefined;
    const [x = NaN, y = NaN] = this.projection([at[0], at[1]]) ?? [];
    return x >= 0 && y >= 0 && x <= this.width && y <= this.height ? { x, y } : undefined;
  }

  /** The country under a point of the canvas. */
  codeAt(scene: GlobeScene, x: number, y: number): string | undefined {
    const dot = scene.countries.find(({ code }) => {
      const place = scene.world.places.get(code)?.isTiny === true ? this.placeOf(scene, code) : undefined;
      return place !== undefined && Math.hypot(place.x - x, place.y - y) < DOT_REACH_PX;
    });
    if (dot !== undefined) return dot.code;
    const radius = this.projection.scale();
    if (Math.hypot(x - this.width / 2, y - this.height / 2) > radius) return undefined;
    const at = this.projection.invert?.([x, y]);
    if (at === undefined || at === null) return undefined;
    return scene.world.outlines.find(({ code, shape }) => code !== '' && geoContains(shape, at))?.code;
  }

  private drawDots(scene: GlobeScene): void {
    const { context } = this;
    for (const { code, bans } of scene.countries) {
      if (scene.world.places.get(code)?.isTiny !== true) continue;
      const place = this.placeOf(scene, code);
      const fill = banColour(bans, scene.thresholds, scene.paint.scale);
      if (place === undefined || fill === undefined) continue;
      context.beginPath();
      context.arc(place.x, place.y, DOT_PX, 0, 2 * Math.PI);
      context.fillStyle = fill;
      context.fill();
      context.lineWidth = code === scene.chosen ? 2.5 : code === scene.lit ? 1.5 : 1;
      context.strokeStyle =
        code === scene.chosen ? scene.paint.chosen : code === scene.lit ? scene.paint.lit : scene.paint.border;
      context.stroke();
    }
  }

  /** The counts on this side; where two would overlap the higher one stays. */
  private drawLabels({ countries, paint, format, world }: GlobeScene): void {
    const { context } = this;
    const taken: { left: number; right: number; top: number; bottom: number }[] = [];
    context.font = `600 11px ${paint.font}`;
    context.textBaseline = 'middle';
    context.lineWidth = 2.5;
    context.strokeStyle = paint.halo;
    context.fillStyle = paint.label;
    for (const { code, bans } of countries) {
      const place = this.placeOf({ world }, code, LABEL_HORIZON);
      if (place === undefined) continue;
      const text = format(bans);
      const width = context.measureText(text).width;
      const left = world.places.get(code)?.isTiny === true ? place.x + DOT_PX + 4 : place.x - width / 2;
      const box = { left: left - 2, right: left + width + 2, top: place.y - 7, bottom: place.y + 7 };
      const isTaken = taken.some(
        (other) => box.left < other.right && box.right > other.left && box.top < other.bottom && box.bottom > other.top,
      );
      if (isTaken) continue;
      taken.push(box);
      context.strokeText(text, left, place.y);
      context.fillText(text, left, place.y);
    }
  }
}
