import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { describe, expect, it } from '@jest/globals';
import type { JailLogFile, JailLogTail } from '@bailiff/contracts/http';
import { HOST_ID } from '../../testing/rows';
import { JailLog } from './jail-log';

const file: JailLogFile = {
  path: '/var/log/web.log',
  exists: true,
  isReadableByFail2ban: true,
  isShown: true,
  reason: null,
  sizeBytes: 10,
  modifiedAt: null,
  lastLine: null,
  lastLineAt: null,
};
const tail: JailLogTail = {
  path: file.path,
  lines: [
    { text: '<img src=x onerror=alert(1)> {{7*7}} \u202Egnp.exe', banned: null },
    { text: 'fail from 192.0.2.7', banned: '192.0.2.7' },
  ],
  sizeBytes: 3_000_000,
  readBytes: 2_097_152,
  isCut: true,
  at: '2026-11-20T10:00:00Z',
};

describe(JailLog.name, () => {
  it('shows lines as text, marks who is banned, and says how much was looked at', async () => {
    TestBed.configureTestingModule({ providers: [provideHttpClient(), provideHttpClientTesting()] });
    const fixture = TestBed.createComponent(JailLog);
    fixture.componentRef.setInput('hostId', HOST_ID);
    fixture.componentRef.setInput('jail', 'a/b');
    fixture.componentRef.setInput('files', [file]);
    TestBed.tick();
    const request = TestBed.inject(HttpTestingController).expectOne(({ url }) => url.endsWith('/jails/a%2Fb/log'));
    expect(request.request.params.get('file')).toBe(file.path);
    request.flush(tail);
    await fixture.whenStable();
    const page = fixture.nativeElement as HTMLElement;
    expect(page.textContent).toContain('<img src=x onerror=alert(1)> {{7*7}}');
    expect(page.querySelector('img')).toBeNull();
    expect(page.textContent).toContain('banned now');
    expect(page.textContent).toContain('The last 2.0 MB of 2.9 MB were looked at.');
  });

  it('says that a jail of the journal has no file', async () => {
    TestBed.configureTestingModule({ providers: [provideHttpClient(), provideHttpClientTesting()] });
    const fixture = TestBed.createComponent(JailLog);
    for (const [name, value] of Object.entries({ hostId: HOST_ID, jail: 'web', files: [] }))
      fixture.componentRef.setInput(name, value);
    await fixture.whenStable();
    expect((fixture.nativeElement as HTMLElement).textContent).toContain('This jail reads no log file.');
  });
});
