import type { HarnessLoader } from '@angular/cdk/testing';
import { TestbedHarnessEnvironment } from '@angular/cdk/testing/testbed';
import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { computed, signal } from '@angular/core';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { MatButtonHarness } from '@angular/material/button/testing';
import { MatInputHarness } from '@angular/material/input/testing';
import { MatSelectHarness } from '@angular/material/select/testing';
import { provideRouter, Router } from '@angular/router';
import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { bulkJob, host, HOST_ID } from '../../testing/rows';
import { HostDirectory } from '../hosts/host-directory';
import { HostScope } from '../hosts/host-scope';
import { BulkNew } from './bulk-new';
import { ListHandover } from './list-handover';

describe(BulkNew.name, () => {
  let fixture: ComponentFixture<BulkNew>;
  let loader: HarnessLoader;
  let http: HttpTestingController;

  beforeEach(async () => {
    const hosts = signal([host()]);
    TestBed.configureTestingModule({
      providers: [
        provideHttpClient(),
        provideHttpClientTesting(),
        provideRouter([]),
        { provide: HostDirectory, useValue: { hosts, byId: (id: string) => hosts().find((each) => each.id === id) } },
        { provide: HostScope, useValue: { hosts: computed(() => hosts()), link: () => ({}) } },
      ],
    });
    fixture = TestBed.createComponent(BulkNew);
    loader = TestbedHarnessEnvironment.documentRootLoader(fixture);
    http = TestBed.inject(HttpTestingController);
    fixture.detectChanges();
    await Promise.resolve();
    http
      .expectOne(({ url }) => url === 'api/v1/jails')
      .flush([
        { name: 'sshd', status: 'running' },
        { name: 'postfix', status: 'running' },
        { name: 'old', status: 'inactive' },
      ]);
    await fixture.whenStable();
  });

  const read = async (): Promise<void> =>
    (await loader.getHarness(MatButtonHarness.with({ text: 'Read the list' }))).click();

  it('names what is missing and sends nothing', async () => {
    await read();
    const text = (fixture.nativeElement as HTMLElement).textContent ?? '';
    expect(text).toContain('Paste a list or choose a file.');
    expect(text).toContain('Choose at least one jail.');
    http.expectNone(({ url }) => url === 'api/v1/bulk-jobs');
  });

  it('hands the text over as it is, and goes to what the server read', async () => {
    const navigate = jest.spyOn(TestBed.inject(Router), 'navigate').mockResolvedValue(true);
    await (await loader.getHarness(MatInputHarness)).setValue('192.0.2.1\n<junk>');
    const select = await loader.getHarness(MatSelectHarness);
    await select.open();
    await select.clickOptions({ text: 'sshd' });
    await select.close();
    await read();
    const { request, flush } = takeUpload();
    expect(request.body).toBe('192.0.2.1\n<junk>');
    expect(request.headers.get('content-type')).toBe('text/plain');
    expect(request.params.toString()).toBe(`direction=ban&hosts=${HOST_ID}&jails=sshd`);
    flush();
    await fixture.whenStable();
    expect(navigate).toHaveBeenCalledWith(['/banned/lists', bulkJob().id], { queryParams: {} });
  });

  it('sends the duration that was chosen, and none that is not one', async () => {
    jest.spyOn(TestBed.inject(Router), 'navigate').mockResolvedValue(true);
    await (await loader.getHarness(MatInputHarness)).setValue('192.0.2.1');
    const [jails, duration] = await loader.getAllHarnesses(MatSelectHarness);
    await jails?.clickOptions({ text: 'sshd' });
    await jails?.close();
    await duration?.clickOptions({ text: '1 week' });
    await read();
    const { request, flush } = takeUpload();
    expect(request.params.get('durationSeconds')).toBe('604800');
    flush();
    await fixture.whenStable();
    await duration?.clickOptions({ text: /Custom/ });
    const amount = (await loader.getAllHarnesses(MatInputHarness)).at(-1);
    await amount?.setValue('0');
    await read();
    http.expectNone(({ url }) => url === 'api/v1/bulk-jobs');
  });

  it('keeps a long paste beside the field, and hands it over whole', async () => {
    const text = Array.from({ length: 2_000 }, (_, n) => `2001:db8::${n.toString(16)}`).join('\n');
    const field = (fixture.nativeElement as HTMLElement).querySelector('textarea');
    const paste = new Event('paste', { cancelable: true });
    Object.assign(paste, { clipboardData: { getData: () => text } });
    field?.dispatchEvent(paste);
    await fixture.whenStable();
    expect(paste.defaultPrevented).toBe(true);
    expect((fixture.nativeElement as HTMLElement).textContent).toContain('Pasted text');
    const select = await loader.getHarness(MatSelectHarness);
    await select.open();
    await select.clickOptions({ text: 'sshd' });
    await select.close();
    await read();
    const { request } = takeUpload();
    expect((request.body as File).size).toBe(text.length);
    expect(request.params.has('name')).toBe(false);
  });

  function takeUpload() {
    const upload = http.expectOne(({ url }) => url === 'api/v1/bulk-jobs');
    return { request: upload.request, flush: () => upload.flush({ job: bulkJob({ state: 'draft' }) }) };
  }
});

describe('a list handed over by another page', () => {
  const OTHER = 'b'.repeat(16);
  let fixture: ComponentFixture<BulkNew>;
  let http: HttpTestingController;
  const start = async (hostIds: readonly string[]) => {
    const hosts = signal([host(), host({ id: OTHER, name: 'other', state: 'offline' }), host({ id: 'c'.repeat(16) })]);
    TestBed.configureTestingModule({
      providers: [
        provideHttpClient(),
        provideHttpClientTesting(),
        provideRouter([]),
        { provide: HostDirectory, useValue: { hosts, byId: (id: string) => hosts().find((each) => each.id === id) } },
        { provide: HostScope, useValue: { hosts: computed(() => hosts()), link: () => ({}) } },
      ],
    });
    TestBed.inject(ListHandover).offer({
      file: new File(['192.0.2.0/24\n'], 'AS64500.txt'),
      hostIds,
      jails: ['sshd', 'gone'],
    });
    fixture = TestBed.createComponent(BulkNew);
    http = TestBed.inject(HttpTestingController);
    fixture.detectChanges();
    await Promise.resolve();
  };

  it('starts with its hosts and jails, as far as they can be chosen', async () => {
    await start([HOST_ID, OTHER]);
    http
      .expectOne(({ url, params }) => url === 'api/v1/jails' && params.get('hosts') === HOST_ID)
      .flush(['sshd', 'postfix'].map((name) => ({ name, status: 'running' })));
    await fixture.whenStable();
    const loader = TestbedHarnessEnvironment.documentRootLoader(fixture);
    await (await loader.getHarness(MatButtonHarness.with({ text: 'Read the list' }))).click();
    const { request } = http.expectOne(({ url }) => url === 'api/v1/bulk-jobs');
    expect(request.params.toString()).toBe(`direction=ban&hosts=${HOST_ID}&jails=sshd&name=AS64500.txt`);
  });

  it('chooses no other host in place of those that are away', async () => {
    await start([OTHER]);
    http.expectNone(({ url }) => url === 'api/v1/jails');
    await fixture.whenStable();
    expect((fixture.nativeElement as HTMLElement).textContent).toContain('Choose at least one host');
  });
});
