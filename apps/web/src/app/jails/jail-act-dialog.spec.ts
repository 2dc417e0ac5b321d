import { TestbedHarnessEnvironment } from '@angular/cdk/testing/testbed';
import { TestBed, type ComponentFixture } from '@angular/core/testing';
import { MatButtonHarness } from '@angular/material/button/testing';
import { MatCheckboxHarness } from '@angular/material/checkbox/testing';
import { MAT_DIALOG_DATA, MatDialogRef } from '@angular/material/dialog';
import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { JailAct, JailActPreview, JailActState, LiveMessage } from '@bailiff/contracts/http';
import { Subject } from 'rxjs';
import { HOST_ID } from '../../testing/rows';
import { LiveFeed } from '../live/live-feed';
import { JailActDialog, type JailActDialogData } from './jail-act-dialog';
import { JailsApi } from './jails-api';

const preview: JailActPreview = {
  act: 'restart',
  command: 'fail2ban-client reload --restart sshd',
  effects: [{ jail: 'sshd', becomes: 'runs', banned: 18_400, lifted: 18_400, rebanned: 18_000 }],
  estimateSeconds: 540,
  rates: [{ jail: 'sshd', kind: 'restore', perSecond: 33.3, bans: 2_000, at: '2026-11-20T10:00:00Z' }],
  isFlush: false,
  warnings: [{ code: 'bans-lost', jail: 'sshd', detail: '400' }],
  cheaper: null,
  refusal: null,
};
const state: JailActState = {
  id: '0b0e8c2e-6f5a-4c55-9d7e-0d7f6d1c2a3b',
  hostId: HOST_ID,
  act: 'restart',
  jail: 'sshd',
  unban: false,
  state: 'running',
  phase: 'restoring',
  startedAt: '2026-11-20T10:00:00Z',
  endedAt: null,
  bannedBefore: 18_400,
  bannedNow: 9_000,
  toRestore: 18_000,
  code: null,
  detail: null,
  runningJails: [],
  lostJails: [],
};

describe(JailActDialog.name, () => {
  const ask = jest.fn<(hostId: string, act: JailAct) => Promise<JailActPreview>>();
  const begin = jest.fn<(hostId: string, act: JailAct) => Promise<JailActState>>();
  const close = jest.fn<(result?: string) => void>();
  let live: Subject<LiveMessage>;

  beforeEach(() => {
    for (const fake of [ask, begin, close]) fake.mockReset();
    ask.mockResolvedValue(preview);
    begin.mockResolvedValue(state);
    live = new Subject();
  });

  async function open(data: Partial<JailActDialogData> = {}) {
    const feed: Pick<LiveFeed, 'on'> = {
      on: (types, destroyRef, handle) => {
        const wanted: readonly string[] = types;
        const heard = live.subscribe((message) => {
          if (wanted.includes(message.type)) handle(message as Parameters<typeof handle>[0]);
        });
        destroyRef.onDestroy(() => heard.unsubscribe());
      },
    };
    TestBed.configureTestingModule({
      providers: [
        { provide: MAT_DIALOG_DATA, useValue: { hostId: HOST_ID, act: 'restart', jail: 'sshd', ...data } },
        { provide: MatDialogRef, useValue: { close } },
        { provide: LiveFeed, useValue: feed },
        { provide: JailsApi, useValue: { preview: ask, begin, state: () => Promise.resolve(state) } },
      ],
    });
    const fixture = TestBed.createComponent(JailActDialog);
    await fixture.whenStable();
    const loader = TestbedHarnessEnvironment.loader(fixture);
    return { fixture, loader, submit: await loader.getHarness(MatButtonHarness.with({ text: 'Restart sshd' })) };
  }
  const textOf = (fixture: ComponentFixture<JailActDialog>): string =>
    ((fixture.nativeElement as HTMLElement).textContent ?? '').replace(/\s+/g, ' ');

  it('says what happens to bans and how long it takes on this host', async () => {
    const { fixture } = await open();
    const text = textOf(fixture);
    expect(text).toContain('18,400 bans are lifted');
    expect(text).toContain('18,000 bans are put back');
    expect(text).toContain('Time: about 9 min');
    expect(text).toContain('400 of the bans of sshd will not come back');
    expect(text).toContain('fail2ban-client reload --restart sshd');
  });

  it('does not make a time up', async () => {
    ask.mockResolvedValue({ ...preview, estimateSeconds: null, rates: [] });
    const { fixture } = await open();
    expect(textOf(fixture)).toContain('no measure yet');
  });

  it('asks anew when bans are to be lifted for good', async () => {
    const { loader, submit } = await open();
    await (await loader.getHarness(MatCheckboxHarness)).check();
    expect(ask.mock.calls.map(([, act]) => act)).toEqual([
      { act: 'restart', jail: 'sshd' },
      { act: 'restart', jail: 'sshd', unban: true },
    ]);
    await submit.click();
    expect(begin).toHaveBeenCalledWith(HOST_ID, { act: 'restart', jail: 'sshd', unban: true });
  });

  it('cannot be confirmed when fail2ban would refuse, and shows its words as text', async () => {
    ask.mockResolvedValue({ ...preview, refusal: '[sshd] failregex: <b>unterminated</b>' });
    const { fixture, submit } = await open();
    expect(await submit.isDisabled()).toBe(true);
    expect(textOf(fixture)).toContain('<b>unterminated</b>');
    expect((fixture.nativeElement as HTMLElement).querySelector('b')).toBeNull();
  });

  it('tells of each jail what is lifted and what comes back', async () => {
    ask.mockResolvedValue({
      ...preview,
      effects: [...preview.effects, { jail: 'web', becomes: 'starts', banned: 7, lifted: 0, rebanned: 0 }],
      warnings: [
        { code: 'backend-changes', jail: 'sshd', detail: 'polling → systemd' },
        { code: 'unsafe-name', jail: '<b>x</b>', detail: null },
      ],
    });
    const { fixture } = await open();
    const text = textOf(fixture);
    expect(text).toMatch(/sshd\s*restarts\s*18,400 lifted, 18,000 put back/);
    expect(text).toMatch(/web\s*starts\s*7 stay/);
    expect(text).toContain('What happens to the bans of "<b>x</b>" is not known');
    expect((fixture.nativeElement as HTMLElement).querySelector('b')).toBeNull();
  });

  it('shows how it goes, then what came of it; closed early it hands on the id', async () => {
    const { fixture, loader, submit } = await open();
    await submit.click();
    expect(textOf(fixture)).toContain('9,000 of 18,000 bans are back');
    await (await loader.getHarness(MatButtonHarness.with({ text: 'Close' }))).click();
    expect(close).toHaveBeenCalledWith(state.id);
    live.next({
      type: 'jail_act',
      act: {
        ...state,
        state: 'failed',
        phase: 'ended',
        detail: 'no such file',
        runningJails: ['web'],
        lostJails: ['sshd'],
      },
    });
    await fixture.whenStable();
    const text = textOf(fixture);
    expect(text).toContain('no such file');
    expect(text).toContain('Running now: web');
    expect(text).toContain('Not running any more: sshd');
  });
});
