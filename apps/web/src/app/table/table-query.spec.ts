import { Component } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { provideRouter, Router } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { localTableQuery, type TableQuery, urlTableQuery } from './table-query';

@Component({ template: '' })
class Page {
  readonly query = urlTableQuery({ sort: '-bannedAt', filters: ['jail', 'country'] });
}

describe(urlTableQuery.name, () => {
  let harness: RouterTestingHarness;
  const open = async (url: string): Promise<TableQuery> => (await harness.navigateByUrl(url, Page)).query;
  const settled = async (): Promise<string> => {
    await harness.fixture.whenStable();
    return TestBed.inject(Router).url;
  };

  beforeEach(async () => {
    TestBed.configureTestingModule({ providers: [provideRouter([{ path: 'bans', component: Page }])] });
    harness = await RouterTestingHarness.create();
  });

  it('reads a shared link', async () => {
    const query = await open('/bans?sort=address&q=192.0.2&jail=sshd&hosts=x');
    expect([query.sort(), query.q(), query.filters()]).toEqual(['address', '192.0.2', { jail: 'sshd' }]);
  });

  it('writes what is chosen, beside what else stands in the address', async () => {
    const query = await open('/bans?hosts=x');
    query.set({ q: '2001:db8::/32' });
    query.set({ filters: { jail: 'sshd' } });
    const url = await settled();
    expect(TestBed.inject(Router).parseUrl(url).queryParams).toEqual({ hosts: 'x', q: '2001:db8::/32', jail: 'sshd' });
    expect(query.q()).toBe('2001:db8::/32');
  });

  it('leaves out what is the default or empty', async () => {
    const query = await open('/bans?sort=address&q=7&jail=sshd');
    query.set({ sort: '-bannedAt', q: '', filters: { jail: '' } });
    expect(await settled()).toBe('/bans');
  });
});

describe(localTableQuery.name, () => {
  it('sets and removes filters', () => {
    const query = localTableQuery({ sort: 'name' });
    query.set({ sort: '-name', filters: { state: 'on', kind: 'a' } });
    query.set({ filters: { kind: '' } });
    expect([query.sort(), query.filters()]).toEqual(['-name', { state: 'on' }]);
  });
});
