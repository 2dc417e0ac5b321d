import { TestbedHarnessEnvironment } from '@angular/cdk/testing/testbed';
import type { HarnessLoader } from '@angular/cdk/testing';
import { TestBed } from '@angular/core/testing';
import { MatButtonHarness } from '@angular/material/button/testing';
import { MAT_DIALOG_DATA, MatDialogRef } from '@angular/material/dialog';
import { MatInputHarness } from '@angular/material/input/testing';
import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { BanOutcome, BanResult, UnbanRequest } from '@bailiff/contracts/http';
import { HOST_ID } from '../../testing/rows';
import { BanActions } from './ban-actions';
import type { BanTarget } from './ban-target';
import { UnbanDialog, type UnbanDialogData } from './unban-dialog';

describe(UnbanDialog.name, () => {
  const unban = jest.fn<(request: UnbanRequest) => Promise<BanResult>>();
  const unbanTargets = jest.fn<(targets: readonly BanTarget[]) => Promise<readonly BanOutcome[]>>();
  const close = jest.fn();

  beforeEach(() => {
    for (const fake of [unban, unbanTargets, close]) fake.mockReset();
    unban.mockResolvedValue({ outcomes: [], changed: 0, unchanged: 0, failed: 0 });
    unbanTargets.mockResolvedValue([]);
  });

  async function open(data: UnbanDialogData): Promise<{ loader: HarnessLoader; text: string }> {
    TestBed.configureTestingModule({
      providers: [
        { provide: MAT_DIALOG_DATA, useValue: data },
        { provide: MatDialogRef, useValue: { close } },
        { provide: BanActions, useValue: { unban, unbanTargets, report: () => undefined } },
      ],
    });
    const fixture = TestBed.createComponent(UnbanDialog);
    await fixture.whenStable();
    const loader = TestbedHarnessEnvironment.loader(fixture);
    return { loader, text: (fixture.nativeElement as HTMLElement).textContent ?? '' };
  }
  const submit = (loader: HarnessLoader): Promise<MatButtonHarness> =>
    loader.getHarness(MatButtonHarness.with({ text: /^Unban/ }));
  const targets = (count: number): BanTarget[] =>
    Array.from({ length: count }, (_, i) => ({
      hostId: i % 2 === 0 ? HOST_ID : '99887766aabbccdd',
      jail: 'sshd',
      address: `2001:db8::${(i + 1).toString(16)}`,
    }));

  it('names a single address and lifts it without ado', async () => {
    const { loader, text } = await open({ kind: 'targets', targets: targets(1) });
    expect(text).toContain('Unban 2001:db8::1');
    await (await submit(loader)).click();
    expect(unbanTargets.mock.calls[0]?.[0]).toEqual(targets(1));
    expect(close).toHaveBeenCalledWith(true);
  });

  it('counts an address once, in however many jails it is banned', async () => {
    const { loader, text } = await open({
      kind: 'targets',
      targets: ['sshd', 'postfix', 'web'].map((jail) => ({ hostId: HOST_ID, jail, address: '192.0.2.7' })),
    });
    expect(text).toContain('Unban 192.0.2.7');
    expect(await (await submit(loader)).getText()).toBe('Unban 1 address');
  });

  it('names how many on how many hosts, and wants the word above 100', async () => {
    const { loader, text } = await open({ kind: 'targets', targets: targets(1_204) });
    expect(text).toContain('Unban 1,204 addresses on 2 hosts');
    const button = await submit(loader);
    expect(await button.isDisabled()).toBe(true);
    await (await loader.getHarness(MatInputHarness)).setValue('everything');
    expect(await button.isDisabled()).toBe(false);
  });

  it('wants the word for everything, however little that is', async () => {
    const { loader, text } = await open({ kind: 'everything', hostIds: [HOST_ID], jail: 'sshd', count: 2 });
    expect(text).toContain('Unban everything in sshd on 1 host');
    const button = await submit(loader);
    expect(await button.isDisabled()).toBe(true);
    await (await loader.getHarness(MatInputHarness)).setValue('Everything');
    await button.click();
    expect(unban).toHaveBeenCalledWith({ hostIds: [HOST_ID], jails: ['sshd'], everything: true });
  });
});
