import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { host } from '../../testing/rows';
import { UrlQuery } from '../url/url-query';
import { HostDirectory } from './host-directory';
import { HostScope } from './host-scope';

const A = 'aaaaaaaaaaaaaaaa';
const B = 'bbbbbbbbbbbbbbbb';

describe(HostScope.name, () => {
  const params = signal<Readonly<Record<string, string>>>({});
  let scope: HostScope;

  beforeEach(() => {
    params.set({});
    TestBed.configureTestingModule({
      providers: [
        {
          provide: UrlQuery,
          useValue: {
            params,
            patch: ({ hosts }: { hosts: string | undefined }) => params.set(hosts === undefined ? {} : { hosts }),
          },
        },
        {
          provide: HostDirectory,
          useValue: { hosts: signal([host({ id: A, tags: ['eu'] }), host({ id: B, tags: ['eu', 'mail'] })]) },
        },
      ],
    });
    scope = TestBed.inject(HostScope);
  });

  it('is all hosts when the address says nothing', () => {
    expect([scope.isAll(), scope.param(), scope.hosts().length, scope.link()]).toEqual([true, undefined, 2, {}]);
    expect(scope.includes('0123456789abcdef')).toBe(true);
  });

  it('adds and takes away hosts', () => {
    scope.toggle(A);
    scope.toggle(B);
    expect([scope.param(), params()]).toEqual([`${A},${B}`, { hosts: `${A},${B}` }]);
    scope.toggle(A);
    expect([scope.param(), scope.includes(A), scope.includes(B)]).toEqual([B, false, true]);
    scope.toggle(B);
    expect(scope.isAll()).toBe(true);
  });

  it('follows a tag', () => {
    scope.choose([scope.tagEntry('mail')]);
    expect([scope.param(), scope.link()]).toEqual([B, { hosts: 'tag:mail' }]);
  });

  it('never widens to all hosts when a tag has none left', () => {
    scope.choose([scope.tagEntry('gone')]);
    expect([scope.param(), scope.includes(A)]).toEqual(['0000000000000000', false]);
  });
});
