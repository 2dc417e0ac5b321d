import { TestBed } from '@angular/core/testing';
import { provideHttpClient } from '@angular/common/http';
import { provideHttpClientTesting } from '@angular/common/http/testing';
import { provideRouter } from '@angular/router';
import { describe, expect, it } from '@jest/globals';
import { IpAddressText } from './ip-address';

describe(IpAddressText.name, () => {
  const link = (address: string): HTMLAnchorElement | null => {
    TestBed.configureTestingModule({
      providers: [provideHttpClient(), provideHttpClientTesting(), provideRouter([])],
    });
    const fixture = TestBed.createComponent(IpAddressText);
    fixture.componentRef.setInput('address', address);
    TestBed.tick();
    return (fixture.nativeElement as HTMLElement).querySelector('a');
  };

  it.each(['192.0.2.7', '2001:db8::7', '2001:db8:ffff:ffff:ffff:ffff:ffff:ff01'])(
    'writes %s letter by letter',
    (address) => {
      expect(link(address)?.textContent).toBe(address);
    },
  );

  it('keeps the end of a long address apart, so that it is seen where the rest is cut off', () => {
    const shown = link('2001:db8:ffff:ffff:ffff:ffff:ffff:ff01');
    expect(shown?.lastElementChild?.textContent).toBe('ffff:ff01');
    expect(shown?.getAttribute('aria-label')).toBe('2001:db8:ffff:ffff:ffff:ffff:ffff:ff01');
  });
});
