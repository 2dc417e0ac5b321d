import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { AddressIgnores as IgnoresAnswer } from '@bailiff/contracts/http';
import { HOST_ID } from '../../testing/rows';
import { AddressIgnores } from './address-ignores';

const none: IgnoresAnswer = { address: '192.0.2.7', jails: [], answered: 2, silent: [], unresolved: 0 };
const at = { hostId: HOST_ID, hostName: 'web-1', jail: '<b>web</b>' };

describe(AddressIgnores.name, () => {
  beforeEach(() => {
    TestBed.configureTestingModule({
      providers: [provideRouter([]), provideHttpClient(), provideHttpClientTesting()],
    });
  });

  async function shown(answer: IgnoresAnswer): Promise<HTMLElement> {
    const fixture = TestBed.createComponent(AddressIgnores);
    fixture.componentRef.setInput('address', answer.address);
    TestBed.tick();
    const request = TestBed.inject(HttpTestingController).expectOne(({ url }) => url === 'api/v1/addresses/ignored');
    expect(request.request.params.get('address')).toBe(answer.address);
    expect((fixture.nativeElement as HTMLElement).textContent).toContain('Asking every host…');
    request.flush(answer);
    await fixture.whenStable();
    return fixture.nativeElement as HTMLElement;
  }

  it('names each jail, the entry, and whether it is for good', async () => {
    const page = await shown({
      ...none,
      jails: [
        { ...at, entry: '192.0.2.0/24', source: 'both', isWhole: true },
        { ...at, entry: '192.0.2.7', source: 'allowed', isWhole: true },
        { ...at, entry: null, source: 'unknown', isWhole: true },
      ],
      unresolved: 1,
    });
    expect(page.querySelectorAll('li')).toHaveLength(3);
    expect(page.querySelector('b')).toBeNull();
    const { textContent: text } = page;
    for (const words of [
      '192.0.2.0/24',
      'in force and configured',
      'kept there by the allow list',
      'an address of the host itself',
    ])
      expect(text).toContain(words);
    expect(text).toContain('1 entry is a host name or file');
    expect(page.querySelector('a')?.getAttribute('href')).toContain('tab=ignore');
  });

  it('says that nobody ignores it, and who could not tell', async () => {
    const page = await shown({ ...none, silent: [{ hostId: HOST_ID, hostName: 'mail-1', code: 'agent/offline' }] });
    expect(page.textContent).toContain('No jail of 2 hosts ignores it.');
    expect(page.textContent).toMatch(/Not known for mail-1 \(.+\)\./);
  });

  it('does not say that nobody ignores it when nobody answered', async () => {
    expect((await shown({ ...none, answered: 0 })).textContent).toContain('No host could be asked.');
  });
});
