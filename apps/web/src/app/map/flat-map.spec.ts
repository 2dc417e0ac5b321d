import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { chartsInJsdom, drawnCharts } from '../../testing/charts-in-jsdom';
import { figuresOf } from './country-figure';
import { FlatMap } from './flat-map';
import { loadWorld } from './geodata/world';

const world = await loadWorld();
const everywhere = figuresOf(
  [...world.places.keys()].map((code, i) => ({ code, bans: 1_001 + i, topJails: [] })),
  1_000_000,
  0,
).countries;

describe(FlatMap.name, () => {
  let fixture: ComponentFixture<FlatMap>;
  const root = (): HTMLElement => fixture.nativeElement as HTMLElement;
  /** The counts that are to be seen. */
  const counts = (): string[] => {
    drawnCharts[0]?.getZr().flush();
    return [...root().querySelectorAll('text')]
      .map((text) => text.textContent)
      .filter((text) => /^\d,\d{3}$/.test(text));
  };
  const until = async (isSo: () => boolean): Promise<void> => {
    for (let turn = 0; turn < 400 && !isSo(); turn += 1) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(isSo()).toBe(true);
  };

  beforeEach(async () => {
    // Zooms at once, as for those who want no motion.
    const media = (query: string) => ({
      matches: query.includes('reduced-motion'),
      addEventListener: () => undefined,
      removeEventListener: () => undefined,
    });
    Object.defineProperty(window, 'matchMedia', { configurable: true, value: media });
    TestBed.configureTestingModule({ providers: chartsInJsdom() });
    fixture = TestBed.createComponent(FlatMap);
    fixture.componentRef.setInput('world', world);
    fixture.componentRef.setInput('countries', everywhere);
    fixture.componentRef.setInput('thresholds', { low: 20, medium: 50, high: 100 });
    await fixture.whenStable();
    await until(() => counts().length > 0);
  });

  it('shows as many counts as there is room for, and more when nearer', async () => {
    const far = new Set(counts());
    expect(far.size).toBeLessThan(everywhere.length);
    for (let n = 0; n < 6; n += 1) fixture.componentInstance.zoomBy(1.6);
    // Those that had no room before.
    await until(() => counts().some((count) => !far.has(count)));
  });

  it('brings a country into sight that is not', () => {
    const map = fixture.componentInstance;
    // jsdom lays nothing out.
    Object.defineProperties(root(), { clientWidth: { value: 640 }, clientHeight: { value: 240 } });
    expect(map.placeOf('AU')).toBeDefined();
    expect(map.placeOf('XX')).toBeUndefined();
    for (let n = 0; n < 4; n += 1) map.zoomBy(1.6);
    expect(map.placeOf('AU')).toBeUndefined();
    map.reveal('AU');
    expect(map.placeOf('AU')?.x).toBeCloseTo(320);
  });
});
