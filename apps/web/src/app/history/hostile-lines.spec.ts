import { CdkVirtualScrollableElement } from '@angular/cdk/scrolling';
import { Component, inject, signal } from '@angular/core';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import type { HistoryEntry } from '@bailiff/contracts/http';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { historyEntry } from '../../testing/rows';
import { currentSession, sessionOf } from '../../testing/session-of';
import { GeoData } from '../geo/geo-data';
import { MESSAGES } from '../messages/messages';
import { Session } from '../session/session';
import { DataTable } from '../table/data-table';
import { ListSource } from '../table/list-source';
import { localTableQuery } from '../table/table-query';
import { HistoryDetail } from './history-detail';
import { requestColumns } from './request-columns';

const HOSTILE = [
  '<script>hacked()</script><img src=x onerror=hacked()>',
  '"><svg/onload=hacked()>',
  "' onmouseover='hacked()",
  'javascript:hacked()',
  '{{constructor.constructor("hacked()")()}}',
  '${hacked()} #{hacked()} <%= hacked() %>',
  '&lt;b&gt; &amp;#x3c;',
  '\u202Egnp.exe \u2066 \u0000\u001b[2J',
  `/${'x'.repeat(2_047)}`,
];

@Component({
  imports: [CdkVirtualScrollableElement, DataTable, HistoryDetail],
  template: `<div cdkVirtualScrollingElement>
      <bailiff-table name="hostile" label="Bans" [columns]="columns" [source]="source" [query]="query" />
    </div>
    @for (row of all(); track row.id) {
      <bailiff-history-detail [entry]="row" />
    }`,
})
class Page {
  readonly all = signal<readonly HistoryEntry[]>(
    HOSTILE.map((text, n) =>
      historyEntry(n, {
        jail: text,
        hostName: text,
        matches: [text],
        service: text,
        requestUrl: text,
        targetDomain: text,
        targetSubdomain: text,
      }),
    ),
  );
  readonly query = localTableQuery({ sort: 'id' });
  readonly source = new ListSource<HistoryEntry>({
    all: this.all,
    error: signal(undefined),
    reload: () => undefined,
    key: ({ id }) => id,
    query: this.query,
    text: ({ id }) => id,
    sortBy: { id: ({ id }) => id },
  });
  readonly columns = requestColumns(inject(MESSAGES).history, { priority: 2, isSiteOptional: false }).map((column) => ({
    ...column,
    priority: 1 as const,
    optional: false,
  }));
}

describe('text out of hostile log lines', () => {
  let fixture: ComponentFixture<Page>;
  const hacked = jest.fn();
  const elements = (selector: string): Element[] => {
    const root = fixture.nativeElement as HTMLElement;
    return Array.from(root.querySelectorAll(selector));
  };

  beforeEach(async () => {
    localStorage.clear();
    Object.assign(globalThis, { hacked });
    // jsdom lays nothing out: give the scroller the size it would have.
    jest.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(800);
    TestBed.configureTestingModule({
      providers: [
        provideRouter([]),
        { provide: GeoData, useValue: { credits: signal([]) } },
        { provide: Session, useValue: sessionOf(currentSession()) },
      ],
    });
    fixture = TestBed.createComponent(Page);
    await fixture.whenStable();
  });

  afterEach(() => {
    jest.restoreAllMocks();
    Reflect.deleteProperty(globalThis, 'hacked');
  });

  it('is in every cell letter by letter, and in its title', () => {
    const cells = elements('bailiff-table cdk-virtual-scroll-viewport [role=gridcell] > span');
    const texts = cells.map((cell) => cell.textContent);
    expect(texts).toEqual(HOSTILE.flatMap((text) => [text, text, text, text]));
    expect(cells.map((cell) => cell.getAttribute('title'))).toEqual(texts);
  });

  it('reads from left to right where order is what it says', () => {
    const directions = elements('bailiff-table cdk-virtual-scroll-viewport span.logged').map((cell) =>
      cell.getAttribute('dir'),
    );
    expect(directions).toEqual(HOSTILE.flatMap(() => ['ltr', 'ltr', 'ltr']));
  });

  it('is in the details letter by letter', () => {
    const details = elements('bailiff-history-detail');
    expect(details).toHaveLength(HOSTILE.length);
    details.forEach((detail, n) => {
      const text = HOSTILE[n] ?? '';
      const logged = Array.from(
        detail.querySelectorAll('.logged, li bailiff-folded > div'),
        (element) => element.textContent,
      );
      expect(logged).toEqual([`${text}.${text}`, text, text]);
    });
  });

  it('makes no elements, no links and runs nothing', () => {
    expect(elements('script, img:not(bailiff-flag img), svg[onload], b, [onerror], [onmouseover], [onload]')).toEqual(
      [],
    );
    const links = elements('a').map((link) => link.getAttribute('href') ?? '');
    expect(links.filter((href) => href.includes('hacked'))).toEqual([]);
    elements('*').forEach((element) => element.dispatchEvent(new Event('mouseover')));
    expect(hacked).not.toHaveBeenCalled();
  });
});
