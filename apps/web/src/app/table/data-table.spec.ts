import { TestKey } from '@angular/cdk/testing';
import { TestbedHarnessEnvironment } from '@angular/cdk/testing/testbed';
import { CdkVirtualScrollableElement } from '@angular/cdk/scrolling';
import { Component, signal } from '@angular/core';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Column } from './column';
import { DataTable } from './data-table';
import { DataTableHarness } from './data-table.harness';
import { ListSource } from './list-source';
import { localTableQuery } from './table-query';
import { BulkTemplate, CellTemplate, DetailTemplate, EmptyTemplate } from './table-templates';

interface Row {
  readonly id: string;
  readonly name: string;
  readonly size: number;
}

@Component({
  imports: [BulkTemplate, CdkVirtualScrollableElement, CellTemplate, DataTable, DetailTemplate, EmptyTemplate],
  template: `<div cdkVirtualScrollingElement style="height: 400px; overflow: auto">
    <bailiff-table
      name="spec"
      label="Things"
      searchHint="Name"
      [columns]="columns"
      [source]="source"
      [query]="query"
      [selectable]="true"
    >
      <ng-template bailiffCell="size" [of]="source" let-row>({{ row.size }})</ng-template>
      <ng-template [bailiffDetail]="source" let-row>About {{ row.name }}</ng-template>
      <ng-template [bailiffBulk]="source" let-rows let-clear="clear">
        <button type="button" (click)="taken.set(rows.length); clear()">Take</button>
      </ng-template>
      <ng-template bailiffEmptyTable>Nothing here yet</ng-template>
    </bailiff-table>
  </div>`,
})
class Page {
  readonly all = signal<readonly Row[] | undefined>(undefined);
  readonly error = signal<unknown>(undefined);
  readonly taken = signal(0);
  readonly query = localTableQuery({ sort: 'name' });
  readonly source = new ListSource<Row>({
    all: this.all,
    error: this.error,
    reload: () => this.error.set(undefined),
    key: ({ id }) => id,
    query: this.query,
    text: ({ name }) => name,
    sortBy: { name: ({ name }) => name, size: ({ size }) => size },
  });
  readonly columns: readonly Column<Row>[] = [
    {
      id: 'name',
      label: 'Name',
      sort: 'name',
      min: 100,
      grow: 1,
      priority: 1,
      card: 'title',
      text: ({ name }) => name,
    },
    { id: 'size', label: 'Size', sort: 'size', min: 80, grow: 0, priority: 2, end: true, card: 'meta' },
  ];
}

const rows = (count: number): Row[] =>
  Array.from({ length: count }, (_, i) => ({
    id: `r${i}`,
    name: `row ${String(i).padStart(5, '0')}`,
    size: count - i,
  }));

describe(DataTable.name, () => {
  let fixture: ComponentFixture<Page>;
  let table: DataTableHarness;

  beforeEach(async () => {
    localStorage.clear();
    // jsdom lays nothing out: give the scroller the height it would have.
    jest.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(400);
    HTMLElement.prototype.scrollBy = () => undefined;
    fixture = TestBed.createComponent(Page);
    table = await TestbedHarnessEnvironment.loader(fixture).getHarness(DataTableHarness);
  });

  afterEach(() => {
    jest.restoreAllMocks();
  });

  const show = async (count: number): Promise<void> => {
    fixture.componentInstance.all.set(rows(count));
    await fixture.whenStable();
  };

  it('shows its head at once and rows when they come', async () => {
    expect(await table.headerTexts()).toEqual(['', 'Name', 'Size']);
    expect(await table.texts()).toEqual([]);
    await show(2);
    expect(await table.texts()).toEqual(['row 00000(2)', 'row 00001(1)']);
  });

  it('reads the count out when something is looked for, not when rows come by themselves', async () => {
    const spoken = (): string =>
      (fixture.nativeElement as HTMLElement).querySelector('[aria-live]')?.textContent.trim() ?? '';
    await show(30);
    expect(spoken()).toBe('30 rows');
    await show(31);
    expect(await table.text()).toContain('31 rows');
    expect(spoken()).toBe('30 rows');
    fixture.componentInstance.query.set({ q: 'row 0000' });
    await fixture.whenStable();
    expect(spoken()).toBe('10 rows');
  });

  it('draws only what is in sight of 100,000 rows', async () => {
    await show(100_000);
    const drawn = await table.texts();
    expect(drawn[0]).toBe('row 00000(100000)');
    expect(drawn.length).toBeLessThan(80);
  });

  it('sorts by a click on a head, and the other way round by a second one', async () => {
    await show(3);
    await table.clickHeader('Size');
    expect([await table.sortOf('Size'), (await table.texts())[0]]).toEqual(['descending', 'row 00000(3)']);
    await table.clickHeader('Size');
    expect([await table.sortOf('Size'), (await table.texts())[0]]).toEqual(['ascending', 'row 00002(1)']);
    expect(await table.sortOf('Name')).toBe('none');
  });

  it('is driven by keys: arrows mark, Space chooses, Enter opens, Escape closes', async () => {
    await show(3);
    await table.press(TestKey.DOWN_ARROW, TestKey.DOWN_ARROW);
    expect(await table.activeId()).toBe('spec-r1');
    await table.press(' ');
    expect(await table.selected()).toEqual([false, true, false]);
    await table.press(TestKey.ENTER);
    expect(await table.panelText()).toContain('About row 00001');
    await table.press(TestKey.UP_ARROW);
    expect(await table.panelText()).toContain('About row 00000');
    await table.press(TestKey.ESCAPE);
    expect(await table.panelText()).toBeNull();
  });

  it('keeps the mark on its row when others come in above', async () => {
    await show(2);
    await table.press(TestKey.DOWN_ARROW);
    fixture.componentInstance.all.set([{ id: 'new', name: 'a', size: 0 }, ...rows(2)]);
    await fixture.whenStable();
    expect(await table.activeId()).toBe('spec-r0');
  });

  it('opens details by a click on a row, not by one on its checkbox', async () => {
    await show(2);
    await table.toggle(1);
    expect(await table.panelText()).toBeNull();
    await table.clickRow(1);
    expect(await table.panelText()).toContain('About row 00001');
  });

  it('hands the chosen rows to bulk actions and lets go of them', async () => {
    await show(3);
    await table.toggle(0);
    expect(await table.text()).toContain('3 selected');
    await table.take('Take');
    await fixture.whenStable();
    expect(fixture.componentInstance.taken()).toBe(3);
    expect(await table.selected()).toEqual([false, false, false]);
  });

  it('tells an empty list from one in which nothing matches', async () => {
    await show(0);
    expect(await table.text()).toContain('Nothing here yet');
    fixture.componentInstance.query.set({ q: 'zzz' });
    await fixture.whenStable();
    expect(await table.text()).toContain('Nothing matches');
  });

  it('says what failed and offers another try', async () => {
    fixture.componentInstance.error.set(new Error('boom'));
    await fixture.whenStable();
    expect(await table.text()).toContain('Something went wrong');
    expect(await table.text()).toContain('Try again');
  });

  it('shows hostile text as text', async () => {
    fixture.componentInstance.all.set([{ id: 'x', name: '<img src=x onerror=alert(1)>', size: 1 }]);
    await fixture.whenStable();
    expect((await table.texts())[0]).toContain('<img src=x onerror=alert(1)>');
    expect((fixture.nativeElement as HTMLElement).querySelector('img')).toBeNull();
  });
});
