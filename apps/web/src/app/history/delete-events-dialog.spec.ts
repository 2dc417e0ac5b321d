import { TestbedHarnessEnvironment } from '@angular/cdk/testing/testbed';
import { type HttpRequest, provideHttpClient, withInterceptors } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { MatButtonHarness } from '@angular/material/button/testing';
import { MatDialogRef } from '@angular/material/dialog';
import { MatInputHarness } from '@angular/material/input/testing';
import { MatRadioGroupHarness } from '@angular/material/radio/testing';
import { provideRouter } from '@angular/router';
import type { ArchiveDeletionRequest } from '@bailiff/contracts/http';
import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { apiErrors } from '../api/api-errors';
import { DeleteEventsDialog } from './delete-events-dialog';

describe(DeleteEventsDialog.name, () => {
  const close = jest.fn();
  beforeEach(() => {
    close.mockReset();
  });

  async function open() {
    TestBed.configureTestingModule({
      providers: [
        provideHttpClient(withInterceptors([apiErrors])),
        provideHttpClientTesting(),
        provideRouter([]),
        { provide: MatDialogRef, useValue: { close } },
      ],
    });
    const fixture = TestBed.createComponent(DeleteEventsDialog);
    await fixture.whenStable();
    const loader = TestbedHarnessEnvironment.loader(fixture);
    const element = fixture.nativeElement as HTMLElement;
    return {
      submit: await loader.getHarness(MatButtonHarness.with({ text: 'Delete' })),
      send: () => element.querySelector('form')?.dispatchEvent(new Event('submit')),
      what: await loader.getHarness(MatRadioGroupHarness),
      inputs: () => loader.getAllHarnesses(MatInputHarness),
      text: () => element.textContent ?? '',
      stable: () => fixture.whenStable(),
      http: TestBed.inject(HttpTestingController),
    };
  }

  it('wants the word, and asks for what is older than some days', async () => {
    const { submit, send, inputs, http } = await open();
    const [days, word] = await inputs();
    expect(await submit.isDisabled()).toBe(true);
    await days?.setValue('30');
    await word?.setValue(' Delete ');
    expect(await submit.isDisabled()).toBe(false);
    send();
    const { body } = http.expectOne('api/v1/archive/deletions').request as HttpRequest<ArchiveDeletionRequest>;
    expect(body?.confirmation).toBe('delete');
    // The clock of the page ticks while it is looked at.
    expect(Date.parse(body?.before ?? '')).toBeLessThanOrEqual(Date.now() - 30 * 86_400_000);
  });

  it('asks for everything only when that is chosen', async () => {
    const { send, what, inputs, http, stable } = await open();
    await what.checkRadioButton({ label: 'All events' });
    const [word] = await inputs();
    await word?.setValue('delete');
    send();
    const call = http.expectOne('api/v1/archive/deletions');
    expect(call.request.body).toEqual({ confirmation: 'delete' });
    call.flush({ id: 'x' });
    await stable();
    expect(close).toHaveBeenCalledWith({ id: 'x' });
  });

  it.each(['', '0', '-1', '1.5', '99999', 'all'])('takes no "%s" for a number of days', async (text) => {
    const { submit, inputs, text: shown } = await open();
    const [days, word] = await inputs();
    await word?.setValue('delete');
    await days?.setValue(text);
    expect(await submit.isDisabled()).toBe(true);
    expect(shown()).toContain('A whole number of days');
  });

  it('stays open and says why when events are being deleted already', async () => {
    const { send, inputs, http, text, stable } = await open();
    await (await inputs())[1]?.setValue('delete');
    send();
    http
      .expectOne('api/v1/archive/deletions')
      .flush({ code: 'archive/busy', detail: 'no' }, { status: 409, statusText: 'Conflict' });
    await stable();
    expect(text()).toContain('Events are being deleted already');
    expect(close).not.toHaveBeenCalled();
  });
});
