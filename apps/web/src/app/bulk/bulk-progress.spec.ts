import type { HarnessLoader } from '@angular/cdk/testing';
import { TestbedHarnessEnvironment } from '@angular/cdk/testing/testbed';
import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { MatButtonHarness } from '@angular/material/button/testing';
import { MatProgressBarHarness } from '@angular/material/progress-bar/testing';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { BulkJob } from '@bailiff/contracts/http';
import { bulkJob } from '../../testing/rows';
import { Session } from '../session/session';
import { BulkProgress } from './bulk-progress';

describe(BulkProgress.name, () => {
  let fixture: ComponentFixture<BulkProgress>;
  let loader: HarnessLoader;
  const changed: BulkJob[] = [];
  const show = async (job: BulkJob): Promise<string> => {
    fixture.componentRef.setInput('job', job);
    await fixture.whenStable();
    return (fixture.nativeElement as HTMLElement).textContent ?? '';
  };

  beforeEach(() => {
    changed.length = 0;
    TestBed.configureTestingModule({
      providers: [
        provideHttpClient(),
        provideHttpClientTesting(),
        { provide: Session, useValue: { can: () => true, preferences: () => undefined } },
      ],
    });
    fixture = TestBed.createComponent(BulkProgress);
    fixture.componentInstance.changed.subscribe((job) => changed.push(job));
    loader = TestbedHarnessEnvironment.loader(fixture);
  });

  it('says how far it is, how fast and on which host', async () => {
    const text = await show(bulkJob());
    for (const words of ['100 of 200', '50 a second', 'Banned 98', 'Failed 2', 'web-1', 'sshd', 'Under way']) {
      expect(text.replace(/\s+/g, ' ')).toContain(words);
    }
    expect(await (await loader.getHarness(MatProgressBarHarness)).getValue()).toBe(50);
  });

  it('is cancelled by one click', async () => {
    await show(bulkJob());
    await (await loader.getHarness(MatButtonHarness.with({ text: 'Cancel' }))).click();
    TestBed.inject(HttpTestingController)
      .expectOne(({ url }) => url.endsWith('/cancel'))
      .flush(bulkJob({ state: 'cancelling' }));
    await fixture.whenStable();
    expect(changed).toMatchObject([{ state: 'cancelling' }]);
  });

  it('offers nothing to cancel once it is over', async () => {
    const counts = { pending: 0, done: 200, unchanged: 0, failed: 0, refused: 0, cancelled: 0 };
    const text = await show(bulkJob({ state: 'done', endedAt: '2026-03-31T12:00:09Z', counts, perSecond: null }));
    expect(text).toContain('took 9 s');
    expect(await loader.getAllHarnesses(MatButtonHarness)).toEqual([]);
  });
});
