import { Component, signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import type { DashboardFigure, DashboardSummary, WorstNetwork } from '@bailiff/contracts/http';
import { expect, it } from '@jest/globals';
import { WorstCard } from './worst-card';

const figure = (value: number): DashboardFigure => ({ value, previous: null, series: [] });
const summaryWith = (worstNetwork: WorstNetwork): DashboardSummary => ({
  range: '30d',
  from: '2026-10-22T00:00:00.000Z',
  to: '2026-11-21T00:00:00.000Z',
  bannedNow: 0,
  bannedCourse: figure(0),
  bans: figure(10_000),
  failures: figure(0),
  worstNetwork,
  topJails: [],
  topCountries: [],
  topAddresses: [],
});

@Component({ imports: [WorstCard], template: `<bailiff-worst-card [summary]="summary()" />` })
class Page {
  readonly summary = signal(
    summaryWith({ asn: 64_500, name: 'Example', label: 'AS64500', figure: figure(2_500), sample: null }),
  );
}

it('tells the share of all bans, but of a sample only what was found in it', async () => {
  const fixture = TestBed.createComponent(Page);
  const text = async (): Promise<string> => {
    await fixture.whenStable();
    return (fixture.nativeElement as HTMLElement).textContent;
  };
  expect(await text()).toContain('2,500 bans, 25% of all');
  fixture.componentInstance.summary.set(
    summaryWith({ asn: null, name: null, label: '192.0.2.0/24', figure: figure(300), sample: 2_000 }),
  );
  const sampled = await text();
  expect(sampled).toContain('300 bans of the newest 2,000');
  expect(sampled).not.toContain('of all');
});
