import type { HarnessLoader } from '@angular/cdk/testing';
import { TestbedHarnessEnvironment } from '@angular/cdk/testing/testbed';
import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { MatButtonHarness } from '@angular/material/button/testing';
import { MatInputHarness } from '@angular/material/input/testing';
import { provideRouter } from '@angular/router';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { BulkDraft, BulkJob, BulkPreview } from '@bailiff/contracts/http';
import { bulkJob } from '../../testing/rows';
import { BulkPreviewView } from './bulk-preview';

const HOSTILE = '<img src=x onerror=alert(1)>';
const preview: BulkPreview = {
  lines: 210,
  entries: 200,
  duplicates: 4,
  networks: 3,
  covered: 1,
  coveredSample: [{ address: '192.0.2.7', network: '192.0.2.0/24' }],
  faults: { invalid: 5, 'too-wide': 0, private: 1, protected: 0 },
  problems: [{ line: 7, text: HOSTILE, fault: 'invalid', detail: 'Not an IPv4 or IPv6 address or network' }],
  sample: ['192.0.2.1'],
  bannedNow: 12,
};

describe(BulkPreviewView.name, () => {
  let fixture: ComponentFixture<BulkPreviewView>;
  let loader: HarnessLoader;
  let http: HttpTestingController;
  const started: BulkJob[] = [];
  const show = async (draft: BulkDraft): Promise<void> => {
    fixture.componentRef.setInput('draft', draft);
    await fixture.whenStable();
  };
  const start = () => loader.getHarness(MatButtonHarness.with({ text: /^(Ban|Unban) .*address/ }));

  beforeEach(() => {
    started.length = 0;
    TestBed.configureTestingModule({
      providers: [provideHttpClient(), provideHttpClientTesting(), provideRouter([])],
    });
    fixture = TestBed.createComponent(BulkPreviewView);
    fixture.componentInstance.started.subscribe((job) => started.push(job));
    loader = TestbedHarnessEnvironment.loader(fixture);
    http = TestBed.inject(HttpTestingController);
  });

  it('says what the list holds, hostile lines as text', async () => {
    await show({ job: bulkJob({ state: 'draft' }), preview });
    const element = fixture.nativeElement as HTMLElement;
    expect(element.textContent).toContain('200 addresses ready');
    expect(element.textContent).toContain(HOSTILE);
    expect(element.querySelector('img')).toBeNull();
    expect(element.textContent).toContain('192.0.2.7 lies in 192.0.2.0/24');
    expect(element.textContent).toContain('Download all 6');
  });

  it('starts only once the number was typed', async () => {
    await show({ job: bulkJob({ state: 'draft' }), preview });
    expect(await (await start()).isDisabled()).toBe(true);
    const inputs = await loader.getAllHarnesses(MatInputHarness);
    await inputs[1]?.setValue('200');
    await inputs[0]?.setValue('seen before');
    await (await start()).click();
    const request = http.expectOne(({ url }) => url.endsWith('/start'));
    expect(request.request.body).toEqual({ confirmedEntries: 200, reason: 'seen before' });
    request.flush(bulkJob());
    await fixture.whenStable();
    expect(started).toHaveLength(1);
  });

  it('says how long the bans last', async () => {
    const text = () => (fixture.nativeElement as HTMLElement).textContent;
    await show({ job: bulkJob({ state: 'draft' }), preview });
    expect(text()).toContain('as long as each jail’s ban time');
    await show({ job: bulkJob({ state: 'draft', durationSeconds: 604_800 }), preview });
    expect(text()).toContain('Each ban lasts 1 week');
    await show({ job: bulkJob({ state: 'draft', durationSeconds: -1 }), preview });
    expect(text()).toContain('The bans are permanent.');
    await show({ job: bulkJob({ state: 'draft', direction: 'unban' }), preview });
    expect(text()).not.toContain('The bans');
  });

  it('needs no number for a short list', async () => {
    await show({ job: bulkJob({ state: 'draft', entries: 100, direction: 'unban' }), preview });
    expect(await (await start()).isDisabled()).toBe(false);
    expect(await loader.getAllHarnesses(MatInputHarness)).toHaveLength(1);
  });

  it('says why a start was refused', async () => {
    await show({ job: bulkJob({ state: 'draft', entries: 3 }), preview });
    await (await start()).click();
    const problem = { code: 'request/conflict', detail: 'This list was started before.', correlation_id: 'x' };
    http.expectOne(({ url }) => url.endsWith('/start')).flush(problem, { status: 409, statusText: 'Conflict' });
    // The answer is taken in by promises that the fixture does not know of.
    await new Promise((resolve) => setTimeout(resolve));
    await fixture.whenStable();
    expect((fixture.nativeElement as HTMLElement).textContent).toContain('This list was started before.');
    expect(started).toEqual([]);
  });

  it('offers nothing where nothing can be done', async () => {
    const parts = bulkJob().parts.map((part) => ({ ...part, state: 'failed' as const, detail: 'web-1 runs no jail' }));
    await show({ job: bulkJob({ state: 'draft', entries: 3, parts }), preview });
    expect(await (await start()).isDisabled()).toBe(true);
    expect((fixture.nativeElement as HTMLElement).textContent).toContain('web-1 runs no jail');
  });
});
