import { TestKey } from '@angular/cdk/testing';
import { TestbedHarnessEnvironment } from '@angular/cdk/testing/testbed';
import { Component, signal } from '@angular/core';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import type { BanTimeline, HourOfWeek } from '@bailiff/contracts/http';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { chartsInJsdom, drawnCharts } from '../../testing/charts-in-jsdom';
import { ChartHarness } from '../charts/chart.harness';
import { HeatCard } from './heat-card';
import { RankCard } from './rank-card';
import type { Ranked } from './rank-chart';
import { TimelineCard } from './timeline-card';

const HOSTILE = '<img src=x onerror=alert(1)>{a|b}';
const TIMELINE: BanTimeline = {
  from: '2026-11-20T10:00:00.000Z',
  to: '2026-11-20T13:00:00.000Z',
  timeZone: 'Europe/Zurich',
  step: 'hour',
  buckets: ['2026-11-20T10:00:00.000Z', '2026-11-20T11:00:00.000Z', '2026-11-20T12:00:00.000Z'],
  series: [
    { jail: HOSTILE, bans: [5, 0, 1], total: 6 },
    { jail: null, bans: [0, 0, 2], total: 2 },
  ],
  total: 8,
};
const WEEK: HourOfWeek = {
  from: '2026-11-14T00:00:00.000Z',
  to: '2026-11-21T00:00:00.000Z',
  timeZone: 'UTC',
  startMinute: 0,
  total: 3,
  bans: Array.from({ length: 7 }, (_, y) => Array.from({ length: 24 }, (_, x) => (y === 1 && x === 14 ? 3 : 0))),
};

@Component({
  imports: [HeatCard, RankCard, TimelineCard],
  template: `<bailiff-timeline-card
      [timeline]="timeline()"
      range="Last 24 hours"
      (pick)="picks.push($event)"
      (chooseJail)="picks.push($event)"
    />
    <bailiff-heat-card [week]="week" (pick)="picks.push($event)" />
    <bailiff-rank-card
      heading="Top jails"
      what="Jail"
      emptyText="None"
      [rows]="rows()"
      (choose)="picks.push($event)"
    />`,
})
class Page {
  readonly timeline = signal<BanTimeline | undefined>(TIMELINE);
  readonly week = WEEK;
  readonly rows = signal<readonly Ranked[]>([
    { value: 'sshd', label: 'sshd', bans: 9, share: 0.9 },
    { value: HOSTILE, label: HOSTILE, bans: 1, share: 0.1 },
  ]);
  readonly picks: unknown[] = [];
}

describe('cards of the dashboard', () => {
  let fixture: ComponentFixture<Page>;
  let timeline: ChartHarness;
  let week: ChartHarness;
  let jails: ChartHarness;
  const picks = (): unknown[] => fixture.componentInstance.picks;

  beforeEach(async () => {
    TestBed.configureTestingModule({ providers: chartsInJsdom() });
    fixture = TestBed.createComponent(Page);
    const charts = await TestbedHarnessEnvironment.loader(fixture).getAllHarnesses(ChartHarness);
    [timeline, week, jails] = charts as [ChartHarness, ChartHarness, ChartHarness];
    for (let turn = 0; turn < 100 && drawnCharts.filter((chart) => chart.getOption()).length < 3; turn += 1) {
      await new Promise((resolve) => setTimeout(resolve));
      await fixture.whenStable();
    }
  });

  it('describe what they show in words', async () => {
    expect(await timeline.description()).toBe(`Stacked bars: Last 24 hours, 8 bans, most by ${HOSTILE}.`);
    expect(await week.description()).toContain('Most on Tuesday at 14:00–15:00: 3 bans');
    expect(await jails.description()).toBe('Top jails as bars, most bans first: sshd with 9 bans.');
  });

  it('show the same figures as tables', async () => {
    await timeline.clickButton('view as table');
    expect(await timeline.tableRows()).toEqual([
      'Fri, Nov 20, 2026, 11:00–12:00 5 5 0',
      'Fri, Nov 20, 2026, 12:00–13:00 0 0 0',
      'Fri, Nov 20, 2026, 13:00–14:00 3 1 2',
    ]);
    await week.clickButton('view as table');
    expect((await week.tableRows())[24 + 14]).toBe('Tuesday, 14:00–15:00 3');
    await jails.clickButton('view as table');
    expect(await jails.tableRows()).toEqual(['sshd 9 90%', `${HOSTILE} 1 10%`]);
  });

  it('choose the jail from the legend, the hour from the drawing', async () => {
    await timeline.clickButton(HOSTILE);
    await timeline.press(TestKey.END, TestKey.ENTER);
    expect(picks()).toEqual([
      HOSTILE,
      { from: '2026-11-20T12:00:00.000Z', to: '2026-11-20T13:00:00.000Z', jail: undefined },
    ]);
  });

  it('choose the latest hour of the week that is meant', async () => {
    await week.press(TestKey.RIGHT_ARROW, TestKey.DOWN_ARROW);
    for (let n = 0; n < 14; n += 1) await week.press(TestKey.RIGHT_ARROW);
    expect(await week.spoken()).toBe('Tuesday, 14:00–15:00: Bans 3');
    await week.press(TestKey.ENTER);
    expect(picks()).toEqual([{ from: '2026-11-17T14:00:00.000Z', to: '2026-11-17T15:00:00.000Z' }]);
  });

  it('choose who has most', async () => {
    await jails.press(TestKey.DOWN_ARROW, TestKey.DOWN_ARROW, TestKey.ENTER);
    expect(picks()).toEqual([HOSTILE]);
  });

  it('show names made to do harm as text', async () => {
    await timeline.press(TestKey.HOME);
    await jails.press(TestKey.END);
    const element = fixture.nativeElement as HTMLElement;
    expect(element.querySelectorAll('.chart-tip')).toHaveLength(2);
    expect(element.textContent).toContain('<img src=x onerror=alert(1)>');
    expect(document.querySelector('img')).toBeNull();
  });

  it('say when there is nothing, and keep drawing', async () => {
    fixture.componentInstance.timeline.set({ ...TIMELINE, series: [], total: 0 });
    fixture.componentInstance.rows.set([]);
    await fixture.whenStable();
    expect(await timeline.text()).toContain('No bans in this range');
    expect(await jails.text()).toContain('None');
    fixture.componentInstance.timeline.set(TIMELINE);
    await fixture.whenStable();
    expect(await timeline.text()).not.toContain('No bans');
    expect(drawnCharts).toHaveLength(3);
  });
});
