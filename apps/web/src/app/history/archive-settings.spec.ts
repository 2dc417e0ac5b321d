import { TestbedHarnessEnvironment } from '@angular/cdk/testing/testbed';
import { provideHttpClient, withInterceptors } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { MatButtonHarness } from '@angular/material/button/testing';
import { MatProgressBarHarness } from '@angular/material/progress-bar/testing';
import { MatSelectHarness } from '@angular/material/select/testing';
import { provideRouter } from '@angular/router';
import type { ArchiveDeletion, ArchiveState, PreferencesPatch } from '@bailiff/contracts/http';
import { describe, expect, it, jest } from '@jest/globals';
import { currentSession, sessionOf } from '../../testing/session-of';
import { apiErrors } from '../api/api-errors';
import { Session } from '../session/session';
import { ArchiveSettings } from './archive-settings';

const deletion: ArchiveDeletion = {
  id: '00000000-0000-4000-8000-000000000001',
  reason: 'asked',
  state: 'running',
  actor: 'operator',
  before: '2026-01-01T00:00:00Z',
  total: 2_000,
  deleted: 500,
  startedAt: '2026-03-31T12:00:00Z',
  finishedAt: null,
};
const state: ArchiveState = {
  database: 'sqlite',
  databaseBytes: 600 * 2 ** 20,
  events: 1_234_567,
  oldest: '2025-03-31T12:00:00Z',
  newest: '2026-03-31T12:00:00Z',
  retentionDays: 0,
  deletion: null,
};

describe(ArchiveSettings.name, () => {
  async function open(answer: Partial<ArchiveState>) {
    const savePreferences = jest.fn<(patch: PreferencesPatch) => Promise<void>>().mockResolvedValue(undefined);
    TestBed.configureTestingModule({
      providers: [
        provideHttpClient(withInterceptors([apiErrors])),
        provideHttpClientTesting(),
        provideRouter([]),
        { provide: Session, useValue: Object.assign(sessionOf(currentSession()), { savePreferences }) },
      ],
    });
    const fixture = TestBed.createComponent(ArchiveSettings);
    fixture.detectChanges();
    const http = TestBed.inject(HttpTestingController);
    http.expectOne('api/v1/archive').flush({ ...state, ...answer });
    await fixture.whenStable();
    fixture.detectChanges();
    return {
      http,
      savePreferences,
      text: () => (fixture.nativeElement as HTMLElement).textContent ?? '',
      loader: TestbedHarnessEnvironment.loader(fixture),
    };
  }

  it('says how much there is and keeps it as long as chosen', async () => {
    const { text, loader, savePreferences, http } = await open({});
    expect(text()).toContain('1,234,567');
    expect(text()).toContain('SQLite, 600 MB');
    const select = await loader.getHarness(MatSelectHarness);
    expect(await select.getValueText()).toBe('For ever');
    const chosen = select.clickOptions({ text: '90 days' });
    // The page asks again, and is at rest only once that is answered.
    for (let asked = http.match('api/v1/archive'); ; asked = http.match('api/v1/archive')) {
      for (const request of asked) request.flush({ ...state, retentionDays: 90 });
      if (asked.length > 0) break;
      await new Promise((resolve) => setTimeout(resolve));
    }
    await chosen;
    expect(await select.getValueText()).toBe('90 days');
    expect(savePreferences).toHaveBeenCalledWith({ retentionDays: 90 });
  });

  it('offers a number of days that was set elsewhere', async () => {
    const { loader } = await open({ retentionDays: 45 });
    expect(await (await loader.getHarness(MatSelectHarness)).getValueText()).toBe('45 days');
  });

  it('shows how far a deletion is, and stops it', async () => {
    const { text, loader, http } = await open({ deletion });
    expect(text()).toContain('500 of 2,000 events deleted');
    expect(await (await loader.getHarness(MatProgressBarHarness)).getValue()).toBe(25);
    await (await loader.getHarness(MatButtonHarness.with({ text: 'Stop' }))).click();
    expect(http.expectOne(`api/v1/archive/deletions/${deletion.id}/cancel`).request.method).toBe('POST');
  });

  it('has nothing to delete in an empty archive, and remembers the last deletion', async () => {
    const done = { ...deletion, state: 'done', deleted: 2_000, finishedAt: '2026-03-31T12:00:09Z' } as const;
    const { text, loader } = await open({ events: 0, oldest: null, newest: null, deletion: done });
    expect(text()).toContain('Nothing yet');
    expect(text()).toContain('2,000 events from before');
    expect(await (await loader.getHarness(MatButtonHarness.with({ text: /^Delete events/ }))).isDisabled()).toBe(true);
  });
});
