import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { Ipv6Rule } from './ipv6-rule';

describe(Ipv6Rule.name, () => {
  let fixture: ComponentFixture<Ipv6Rule>;
  const form = (): Element | null => (fixture.nativeElement as HTMLElement).querySelector('form');
  const stored = () => TestBed.inject(HttpTestingController).expectOne(({ url }) => url.endsWith('api/v1/ipv6-policy'));

  beforeEach(() => {
    TestBed.configureTestingModule({
      providers: [provideHttpClient(), provideHttpClientTesting(), provideRouter([])],
    });
    fixture = TestBed.createComponent(Ipv6Rule);
    TestBed.tick();
  });

  it('offers nothing to save before the rule as it stands is known', async () => {
    expect(form()).toBeNull();
    stored().flush({ enabled: true, prefixLength: 56, threshold: 9 });
    await Promise.resolve();
    TestBed.tick();
    expect(form()?.querySelector('input')?.value).toBe('9');
  });

  it('says why when it cannot be known', async () => {
    stored().flush(
      { code: 'x', title: 'Away', detail: 'The database is away.', status: 503 },
      { status: 503, statusText: 'x' },
    );
    await fixture.whenStable();
    expect(form()).toBeNull();
    expect((fixture.nativeElement as HTMLElement).querySelector('bailiff-problem')).not.toBeNull();
  });
});
