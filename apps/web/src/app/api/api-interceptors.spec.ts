import { HttpClient, provideHttpClient, withInterceptors } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { Component } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { provideRouter, Router } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { CORRELATION_ID } from '@bailiff/contracts/http/headers';
import { firstValueFrom } from 'rxjs';
import { apiErrors } from './api-errors';
import { apiHeaders } from './api-headers';
import { ApiProblem } from './api-problem';

@Component({ template: '' })
class Page {}

describe('every request', () => {
  let http: HttpTestingController;

  beforeEach(async () => {
    TestBed.configureTestingModule({
      providers: [
        provideHttpClient(withInterceptors([apiHeaders, apiErrors])),
        provideHttpClientTesting(),
        provideRouter(['banned', 'login', 'setup'].map((path) => ({ path, component: Page }))),
      ],
    });
    http = TestBed.inject(HttpTestingController);
    await RouterTestingHarness.create('/banned?jail=sshd');
  });

  async function fail(status: number, code: string): Promise<unknown> {
    const answer = firstValueFrom(TestBed.inject(HttpClient).get('api/v1/bans')).catch((error: unknown) => error);
    http.expectOne('api/v1/bans').flush({ code, detail: 'no' }, { status, statusText: 'No' });
    const error = await answer;
    return error;
  }
  const settled = (): Promise<string> =>
    new Promise((resolve) => {
      const router = TestBed.inject(Router);
      if (router.url !== '/banned?jail=sshd') resolve(router.url);
      router.events.subscribe(() => {
        if (router.url !== '/banned?jail=sshd') resolve(router.url);
      });
    });

  it('says that our own page asks, and has an id the server keeps', () => {
    TestBed.inject(HttpClient).post('api/v1/bans', {}).subscribe();
    const { headers } = http.expectOne('api/v1/bans').request;
    expect(headers.get('X-Bailiff-Request')).toBe('1');
    expect(headers.get('X-Correlation-ID')).toMatch(CORRELATION_ID);
  });

  it('leads to the login page, and back, when the session has ended', async () => {
    expect(await fail(401, 'auth/session-expired')).toBeInstanceOf(ApiProblem);
    const url = TestBed.inject(Router).parseUrl(await settled());
    expect(url.queryParams).toEqual({ return: '/banned?jail=sshd', why: 'expired' });
  });

  it('leads to setup when nothing is set up', async () => {
    await fail(423, 'setup/required');
    expect(await settled()).toBe('/setup');
  });

  it('stays where it is for a wrong password', async () => {
    expect(await fail(401, 'auth/invalid-credentials')).toMatchObject({ code: 'auth/invalid-credentials' });
    expect(TestBed.inject(Router).url).toBe('/banned?jail=sshd');
  });
});
