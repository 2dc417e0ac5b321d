import { TestKey } from '@angular/cdk/testing';
import { TestbedHarnessEnvironment } from '@angular/cdk/testing/testbed';
import { Component, signal } from '@angular/core';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { chartsInJsdom, drawnCharts } from '../../testing/charts-in-jsdom';
import { Theme } from '../shell/theme';
import { Chart } from './chart';
import type { ChartOptionBuilder } from './chart-canvas';
import { ChartHarness } from './chart.harness';
import type { ChartPick, ChartTable } from './chart-table';
import { tipElement } from './chart-tip';

const HOSTILE = '<img src=x onerror=alert(1)>';

@Component({
  imports: [Chart],
  template: `<bailiff-chart
    heading="Fruit"
    label="How much fruit there is"
    [parts]="parts"
    [option]="option()"
    [table]="table"
    [isPickable]="true"
    [isLoading]="isLoading()"
    (pick)="picked.set($event)"
  />`,
})
class Page {
  readonly parts = () => import('./parts/bars');
  readonly isLoading = signal(false);
  readonly picked = signal<ChartPick | undefined>(undefined);
  readonly looks: string[] = [];
  readonly option = signal<ChartOptionBuilder | undefined>(undefined);
  readonly table: ChartTable = {
    columns: [{ label: 'Kind' }, { label: 'Pieces', end: true }],
    rows: [
      { cells: ['pear', '1,200'], sort: ['pear', 1200] },
      { cells: [HOSTILE, '30'], sort: [HOSTILE, 30] },
      { cells: ['apple', '4'], sort: ['apple', 4] },
    ],
  };
  readonly build: ChartOptionBuilder = (look) => {
    this.looks.push(look.isDark ? 'dark' : 'light');
    return {
      tooltip: {
        trigger: 'axis',
        formatter: () => tipElement({ title: HOSTILE, rows: [{ label: HOSTILE, value: '30', colour: look.accent }] }),
      },
      xAxis: { type: 'category', data: this.table.rows.map(({ cells }) => cells[0] ?? '') },
      yAxis: { type: 'value' },
      series: [{ id: 'pieces', type: 'bar', data: [1200, 30, 4] }],
    };
  };
}

describe(Chart.name, () => {
  let fixture: ComponentFixture<Page>;
  let chart: ChartHarness;
  const page = (): Page => fixture.componentInstance;
  const element = (): HTMLElement => fixture.nativeElement as HTMLElement;

  beforeEach(async () => {
    TestBed.configureTestingModule({ providers: chartsInJsdom() });
    fixture = TestBed.createComponent(Page);
    chart = await TestbedHarnessEnvironment.loader(fixture).getHarness(ChartHarness);
  });

  const draw = async (): Promise<void> => {
    page().option.set(page().build);
    await fixture.whenStable();
    // The directive draws after a turn of the event loop.
    for (let turn = 0; turn < 50 && drawnCharts[0]?.getOption() === undefined; turn += 1)
      await new Promise((resolve) => setTimeout(resolve));
    drawnCharts[0]?.getZr().flush();
    await fixture.whenStable();
  };

  it('draws once there is something to draw, and describes it', async () => {
    expect(drawnCharts).toHaveLength(0);
    await draw();
    expect(await chart.description()).toBe('How much fruit there is');
    expect(element().querySelectorAll('svg path').length).toBeGreaterThan(3);
    expect(element().textContent).toContain('pear');
  });

  it('is gone through by keys, says each value, and picks by Enter', async () => {
    await draw();
    await chart.press(TestKey.RIGHT_ARROW, TestKey.RIGHT_ARROW);
    expect(await chart.spoken()).toBe(`${HOSTILE}: Pieces 30`);
    await chart.press(TestKey.END, TestKey.ENTER);
    expect(page().picked()).toEqual({ dataIndex: 2, seriesId: undefined });
    await chart.press(TestKey.ESCAPE);
    expect(await chart.spoken()).toBe('');
  });

  it('shows untrusted text as text, in the tooltip too', async () => {
    await draw();
    await chart.press(TestKey.RIGHT_ARROW, TestKey.RIGHT_ARROW);
    expect(document.body.textContent).toContain(HOSTILE);
    expect(document.querySelector('img')).toBeNull();
  });

  it('has a twin table that is sorted by its heads and picks as the drawing does', async () => {
    await chart.clickButton('view as table');
    expect(await chart.tableRows()).toEqual(['pear 1,200', `${HOSTILE} 30`, 'apple 4']);
    await chart.clickButton('Pieces');
    expect(await chart.headerSorts()).toEqual(['none', 'descending']);
    await chart.clickButton('Pieces');
    expect(await chart.tableRows()).toEqual(['apple 4', `${HOSTILE} 30`, 'pear 1,200']);
    await chart.clickButton('apple');
    expect(page().picked()).toEqual({ dataIndex: 2, seriesId: undefined });
    expect(document.querySelector('img')).toBeNull();
  });

  it('draws again in the colours of another theme, in the same chart', async () => {
    await draw();
    TestBed.inject(Theme).choose('dark');
    await fixture.whenStable();
    expect([page().looks.at(0), page().looks.at(-1)]).toEqual(['light', 'dark']);
    expect(drawnCharts).toHaveLength(1);
    TestBed.inject(Theme).choose('system');
  });

  it('takes series away that the next data lack', async () => {
    await draw();
    page().option.set((look, width) => ({ ...page().build(look, width), series: [] }));
    await fixture.whenStable();
    expect(drawnCharts[0]?.getOption()['series']).toEqual([]);
  });
});
