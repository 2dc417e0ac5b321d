import { HttpClient } from '@angular/common/http';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { MapThresholds, PreferencesPatch, Scope } from '@bailiff/contracts/http';
import { currentSession, sessionOf } from '../../testing/session-of';
import { Session } from '../session/session';
import { MapLegend } from './map-legend';

describe(MapLegend.name, () => {
  let fixture: ComponentFixture<MapLegend>;
  let tried: (MapThresholds | undefined)[];
  const save = jest.fn<(patch: PreferencesPatch) => Promise<void>>();

  const start = async (scopes: readonly Scope[]): Promise<void> => {
    TestBed.configureTestingModule({
      providers: [
        { provide: HttpClient, useValue: {} },
        { provide: Session, useValue: { ...sessionOf(currentSession({ scopes })), savePreferences: save } },
      ],
    });
    fixture = TestBed.createComponent(MapLegend);
    fixture.componentRef.setInput('thresholds', { low: 20, medium: 50, high: 100 });
    tried = [];
    fixture.componentInstance.tried.subscribe((thresholds) => tried.push(thresholds));
    await fixture.whenStable();
  };
  const root = (): HTMLElement => fixture.nativeElement as HTMLElement;
  const button = (name: string): HTMLButtonElement | undefined =>
    [...root().querySelectorAll('button')].find(
      (each) => (each.getAttribute('aria-label') ?? each.textContent).trim() === name,
    );
  const press = async (name: string): Promise<void> => {
    button(name)?.click();
    await fixture.whenStable();
  };
  const fill = async (...values: readonly string[]): Promise<void> => {
    const inputs = [...root().querySelectorAll('input')];
    for (const [i, value] of values.entries()) {
      const input = inputs[i];
      if (input === undefined) throw new Error('no such field');
      input.value = value;
      input.dispatchEvent(new Event('input'));
    }
    await fixture.whenStable();
  };

  beforeEach(() => {
    save.mockReset().mockResolvedValue(undefined);
  });
  afterEach(() => {
    TestBed.resetTestingModule();
  });

  it('says in words what the colours say', async () => {
    await start(['read']);
    expect(root().querySelector('[role=img]')?.getAttribute('aria-label')).toBe(
      'Colours: green from 20 bans, yellow from 50, red from 100',
    );
  });

  it('offers no change to who may not', async () => {
    await start(['read', 'ban']);
    expect(button('Change the thresholds')).toBeUndefined();
  });

  it('shows what is tried on the map and saves it', async () => {
    await start(['config']);
    await press('Change the thresholds');
    await fill('5', '6', '7');
    expect(tried.at(-1)).toEqual({ low: 5, medium: 6, high: 7 });
    await press('Save');
    expect(save).toHaveBeenCalledWith({ mapThresholds: { low: 5, medium: 6, high: 7 } });
    expect(tried.at(-1)).toBeUndefined();
    expect(button('Change the thresholds')).toBeDefined();
  });

  it.each([
    ['50', '50', '100', 'Each must be higher than the one before.'],
    ['60', '50', '100', 'Each must be higher than the one before.'],
    ['0', '50', '100', 'Whole numbers from 1 on.'],
    ['1.5', '50', '100', 'Whole numbers from 1 on.'],
    ['', '50', '100', 'Whole numbers from 1 on.'],
    ['1', '2', '1000000001', 'Whole numbers from 1 on.'],
  ])('refuses %s, %s, %s', async (low, medium, high, why) => {
    await start(['config']);
    await press('Change the thresholds');
    await fill(low, medium, high);
    expect(root().querySelector('[role=alert]')?.textContent.trim()).toBe(why);
    expect(button('Save')?.disabled).toBe(true);
  });

  it('gives up what was tried', async () => {
    await start(['config']);
    await press('Change the thresholds');
    await fill('5', '6', '7');
    await press('Cancel');
    expect(tried.at(-1)).toBeUndefined();
    expect(save).not.toHaveBeenCalled();
  });

  it('says why saving failed and keeps what was typed', async () => {
    await start(['config']);
    save.mockRejectedValue(new Error('offline'));
    await press('Change the thresholds');
    await fill('5', '6', '7');
    await press('Save');
    expect(root().querySelector('bailiff-problem')).not.toBeNull();
    expect([...root().querySelectorAll('input')].map(({ value }) => value)).toEqual(['5', '6', '7']);
  });
});
