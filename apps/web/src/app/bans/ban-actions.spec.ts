import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestbedHarnessEnvironment } from '@angular/cdk/testing/testbed';
import type { HarnessLoader } from '@angular/cdk/testing';
import { Component } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { MatSnackBarHarness } from '@angular/material/snack-bar/testing';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { BanOutcome } from '@bailiff/contracts/http';
import { HOST_ID } from '../../testing/rows';
import { BanActions } from './ban-actions';

@Component({ template: '' })
class Blank {}

describe(BanActions.name, () => {
  let actions: BanActions;
  let http: HttpTestingController;
  let loader: HarnessLoader;

  beforeEach(() => {
    TestBed.configureTestingModule({ providers: [provideHttpClient(), provideHttpClientTesting()] });
    actions = TestBed.inject(BanActions);
    http = TestBed.inject(HttpTestingController);
    loader = TestbedHarnessEnvironment.documentRootLoader(TestBed.createComponent(Blank));
  });

  const unbanned = (change: Partial<BanOutcome>): BanOutcome => {
    const ban = { hostId: HOST_ID, jail: null, address: '192.0.2.1', code: null, detail: null };
    return { ...ban, result: 'unbanned', ...change };
  };
  const snackBar = () => loader.getHarness(MatSnackBarHarness);

  it('puts a ban back, wherever it was, for the time it had left', async () => {
    actions.report([unbanned({ lifted: [{ jail: 'sshd', secondsLeft: 90, reason: 'seen before' }] })]);
    await (await snackBar()).dismissWithAction();
    const request = http.expectOne('api/v1/bans');
    expect(request.request.body).toEqual({
      hostIds: [HOST_ID],
      jails: ['sshd'],
      addresses: ['192.0.2.1'],
      durationSeconds: 90,
      reason: 'seen before',
    });
    request.flush({ outcomes: [unbanned({ jail: 'sshd', result: 'banned' })], changed: 1, unchanged: 0, failed: 0 });
    expect(await (await snackBar()).getMessage()).toBe('Undone');
  });

  it('does not say that it was undone when it was not', async () => {
    actions.report([unbanned({ jail: 'sshd' })]);
    await (await snackBar()).dismissWithAction();
    const failed = unbanned({ jail: 'sshd', result: 'failed', code: 'jail/unknown', detail: 'No such jail' });
    http.expectOne('api/v1/bans').flush({ outcomes: [failed], changed: 0, unchanged: 0, failed: 1 });
    expect(await (await snackBar()).getMessage()).toBe('1 failed, 0 done: No such jail');
  });

  it('sends nothing for a jail that no act may name, and says what reaches it', async () => {
    await actions.unbanNow({ hostId: HOST_ID, jail: 'two words', address: '192.0.2.1' });
    http.expectNone('api/v1/unbans');
    expect(await (await snackBar()).getMessage()).toContain('No command is sent for the jail "two words"');
  });

  it('puts back what can be put back, and names the jail where it cannot', async () => {
    const lifted = ['two words', 'sshd'].map((jail) => ({ jail, secondsLeft: 90, reason: null }));
    actions.report([unbanned({ lifted })]);
    await (await snackBar()).dismissWithAction();
    const request = http.expectOne('api/v1/bans');
    expect(request.request.body).toMatchObject({ jails: ['sshd'] });
    request.flush({ outcomes: [unbanned({ jail: 'sshd', result: 'banned' })], changed: 1, unchanged: 0, failed: 0 });
    expect(await (await snackBar()).getMessage()).toContain(
      '1 failed, 1 done: No command is sent for the jail "two words"',
    );
  });

  it('offers no way back where there is none', async () => {
    actions.report([unbanned({ address: null, detail: '12 bans lifted' })]);
    expect(await (await snackBar()).getActionDescription()).toBe('Close');
  });
});
