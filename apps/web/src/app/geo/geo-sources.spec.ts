import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed, type ComponentFixture } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { GeoStatus } from '@bailiff/contracts/http';
import { GeoCredit } from './geo-credit';
import { GeoNotice } from './geo-notice';
import { GeoSources } from './geo-sources';
import { NetworkText } from './network-text';

const HOSTILE = '<img src=x onerror=alert(1)>.mmdb';
const STATUS: GeoStatus = {
  state: 'live',
  reportedAt: '2026-03-31T12:00:00Z',
  addresses: { known: 12_345, waiting: 3 },
  sources: [
    {
      name: HOSTILE,
      kind: 'mounted',
      facts: [],
      builtAt: null,
      entries: null,
      credit: 'A file of yours',
      creditUrl: null,
      state: 'broken',
      problem: 'The file is cut off, or no MMDB file.',
    },
    {
      name: 'made-up 1',
      kind: 'embedded',
      facts: ['country', 'asn'],
      builtAt: '2020-01-01',
      entries: 515_158,
      credit: 'IP Geolocation by DB-IP',
      creditUrl: 'https://db-ip.com',
      state: 'used',
      problem: null,
    },
  ],
};

describe(GeoSources.name, () => {
  let http: HttpTestingController;

  beforeEach(() => {
    TestBed.configureTestingModule({
      providers: [provideHttpClient(), provideHttpClientTesting(), provideRouter([])],
    });
    http = TestBed.inject(HttpTestingController);
  });

  const textOf = ({ nativeElement }: ComponentFixture<unknown>): string =>
    ((nativeElement as HTMLElement).textContent ?? '').replace(/\s+/g, ' ');
  const shown = async <T>(fixture: ComponentFixture<T>, answer?: GeoStatus): Promise<string> => {
    TestBed.tick();
    const request = http.expectOne('api/v1/geo/sources');
    if (answer === undefined)
      request.flush({ code: 'internal/unexpected', detail: 'Broken.' }, { status: 500, statusText: 'No' });
    else request.flush(answer);
    await fixture.whenStable();
    return textOf(fixture);
  };

  it('shows each source with what it is, its age and whom to name, hostile names as text', async () => {
    const fixture = TestBed.createComponent(GeoSources);
    const text = await shown(fixture, STATUS);
    expect(text).toContain(HOSTILE);
    expect(text).toContain('The file is cut off');
    expect(text).toMatch(/made-up 1 ?Old/);
    expect(text).toMatch(/countries, networks.*days old.*515,158 ranges/);
    expect(text).toContain('12,345 addresses known, 3 still to be looked up.');
    const page = fixture.nativeElement as HTMLElement;
    expect(page.querySelector('img')).toBeNull();
    expect(page.querySelector('a[href="https://db-ip.com"]')?.textContent).toContain('DB-IP');
  });

  it('says that there are no data while no worker has answered', async () => {
    const empty: GeoStatus = { ...STATUS, state: 'none', reportedAt: null, sources: [] };
    expect(await shown(TestBed.createComponent(GeoSources), empty)).toContain('no worker has answered yet');
  });

  it('says when it could not ask', async () => {
    expect(await shown(TestBed.createComponent(GeoSources))).toContain('Try again');
  });

  it('has a line for pages that show countries, which leads here', async () => {
    const fixture = TestBed.createComponent(GeoNotice);
    expect(await shown(fixture, STATUS)).toContain(`Geo data not readable: ${HOSTILE}`);
    expect((fixture.nativeElement as HTMLElement).querySelector('a')?.getAttribute('href')).toBe('/settings#geo');
  });

  it('has a line that names those whose data are in use', async () => {
    const text = await shown(TestBed.createComponent(GeoCredit), STATUS);
    expect(text.trim()).toBe('IP Geolocation by DB-IP');
  });
});

describe(NetworkText.name, () => {
  it('shows number and operator as text', async () => {
    const fixture = TestBed.createComponent(NetworkText);
    fixture.componentRef.setInput('row', { asn: 64_500, asName: '<b>x</b>' });
    await fixture.whenStable();
    const page = fixture.nativeElement as HTMLElement;
    expect((page.textContent ?? '').replace(/\s+/g, ' ').trim()).toBe('AS64500 <b>x</b>');
    expect(page.querySelector('b')).toBeNull();
  });
});
