import { TestbedHarnessEnvironment } from '@angular/cdk/testing/testbed';
import type { HarnessLoader } from '@angular/cdk/testing';
import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { computed, signal } from '@angular/core';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { MatButtonHarness } from '@angular/material/button/testing';
import { MAT_DIALOG_DATA, MatDialogRef } from '@angular/material/dialog';
import { MatInputHarness } from '@angular/material/input/testing';
import { MatSelectHarness } from '@angular/material/select/testing';
import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { BanCheck, BanCheckRequest, BanRequest, BanResult } from '@bailiff/contracts/http';
import { host, HOST_ID } from '../../testing/rows';
import { ApiProblem } from '../api/api-problem';
import { HostDirectory } from '../hosts/host-directory';
import { HostScope } from '../hosts/host-scope';
import { BanActions } from './ban-actions';
import { BanDialog } from './ban-dialog';

const DONE: BanResult = {
  outcomes: [{ hostId: HOST_ID, jail: 'sshd', address: '192.0.2.7', result: 'banned', code: null, detail: null }],
  changed: 1,
  unchanged: 0,
  failed: 0,
};

describe(BanDialog.name, () => {
  const ban = jest.fn<(request: BanRequest) => Promise<BanResult>>();
  const report = jest.fn();
  const check = jest.fn<(request: BanCheckRequest) => Promise<BanCheck>>();
  const close = jest.fn();
  const hosts = signal([host()]);
  let fixture: ComponentFixture<BanDialog>;
  let loader: HarnessLoader;

  beforeEach(async () => {
    for (const fake of [ban, report, close]) fake.mockReset();
    ban.mockResolvedValue(DONE);
    check.mockReset();
    check.mockResolvedValue({ targets: [], jailsWithoutNetworks: [] });
    TestBed.configureTestingModule({
      providers: [
        provideHttpClient(),
        provideHttpClientTesting(),
        { provide: MAT_DIALOG_DATA, useValue: {} },
        { provide: MatDialogRef, useValue: { close } },
        { provide: BanActions, useValue: { ban, report, check } },
        { provide: HostDirectory, useValue: { hosts, byId: (id: string) => hosts().find((each) => each.id === id) } },
        { provide: HostScope, useValue: { hosts: computed(() => hosts()) } },
      ],
    });
    fixture = TestBed.createComponent(BanDialog);
    loader = TestbedHarnessEnvironment.documentRootLoader(fixture);
    fixture.detectChanges();
    await Promise.resolve();
    TestBed.inject(HttpTestingController)
      .expectOne(({ url }) => url === 'api/v1/jails')
      .flush([
        { name: 'sshd', status: 'running' },
        { name: 'postfix', status: 'running' },
        { name: 'apache-auth', status: 'inactive' },
      ]);
    await fixture.whenStable();
  });

  const type = async (text: string): Promise<void> =>
    (await loader.getHarness(MatInputHarness.with({ ancestor: 'mat-form-field:first-of-type' }))).setValue(text);
  const chooseJail = async (name: string): Promise<void> => {
    const select = await loader.getHarness(MatSelectHarness);
    await select.open();
    await select.clickOptions({ text: name });
    await select.close();
  };
  const press = async (text: RegExp): Promise<void> =>
    (await loader.getHarness(MatButtonHarness.with({ text }))).click();
  const shown = (): string => (fixture.nativeElement as HTMLElement).textContent ?? '';

  it('offers the jails that run, and no host to choose when there is one', async () => {
    const select = await loader.getHarness(MatSelectHarness);
    await select.open();
    expect(await Promise.all((await select.getOptions()).map((option) => option.getText()))).toEqual([
      'postfix',
      'sshd',
    ]);
    // Jails and how long, but no hosts.
    expect(await loader.getAllHarnesses(MatSelectHarness)).toHaveLength(2);
  });

  it('names what is missing or wrong and sends nothing', async () => {
    await type('192.0.2.7 nonsense');
    await press(/^Ban/);
    expect(shown()).toContain('Not an address or network: nonsense');
    expect(shown()).toContain('Choose at least one jail.');
    expect(ban).not.toHaveBeenCalled();
  });

  it('bans the canonical addresses, reports it and closes', async () => {
    await type('192.0.2.7, 2001:0db8::1');
    await chooseJail('sshd');
    await press(/^Ban 2 addresses$/);
    expect(ban).toHaveBeenCalledWith({ hostIds: [HOST_ID], jails: ['sshd'], addresses: ['192.0.2.7', '2001:db8::1'] });
    expect(report).toHaveBeenCalledWith(DONE.outcomes);
    expect(close).toHaveBeenCalled();
  });

  it('forces a protected address only after the typed word, and only that address', async () => {
    ban.mockRejectedValueOnce(new ApiProblem('ban/protected-address', '192.0.2.200 is where you are.', 409));
    await type('192.0.2.200');
    await chooseJail('sshd');
    await press(/^Ban/);
    expect(shown()).toContain('192.0.2.200 is where you are.');
    const force = await loader.getHarness(MatButtonHarness.with({ text: 'Ban it all the same' }));
    expect(await force.isDisabled()).toBe(true);
    const word = (await loader.getAllHarnesses(MatInputHarness)).at(-1);
    await word?.setValue('ban');
    expect(await force.isDisabled()).toBe(true);
    await word?.setValue('192.0.2.200');
    expect(await force.isDisabled()).toBe(false);
    await force.click();
    expect(ban).toHaveBeenLastCalledWith(expect.objectContaining({ addresses: ['192.0.2.200'], force: true }));
  });

  it('names a network and its size', async () => {
    await type('198.51.100.9/24');
    await chooseJail('sshd');
    expect(shown()).toContain('198.51.100.0/24 is a whole network of 256 addresses.');
    await press(/^Ban 198\.51\.100\.0\/24 \(256 addresses\)$/);
    expect(ban).toHaveBeenCalledWith(expect.objectContaining({ addresses: ['198.51.100.0/24'] }));
  });

  it('bans for a time, or for ever', async () => {
    await type('192.0.2.7');
    await chooseJail('sshd');
    const select = (await loader.getAllHarnesses(MatSelectHarness)).at(-1);
    await select?.open();
    await select?.clickOptions({ text: '1 week' });
    await press(/^Ban/);
    expect(ban).toHaveBeenLastCalledWith(expect.objectContaining({ durationSeconds: 604_800 }));
    await select?.open();
    await select?.clickOptions({ text: 'Permanent' });
    await press(/^Ban/);
    expect(ban).toHaveBeenLastCalledWith(expect.objectContaining({ durationSeconds: -1 }));
  });

  it('warns before, of what the gateway knows', async () => {
    const guard = {
      address: '192.0.2.200',
      owner: 'operator' as const,
      protects: '192.0.2.200',
      detail: 'It is yours',
    };
    check.mockResolvedValue({
      targets: [{ address: '192.0.2.200', size: '1', isTooWide: false, isPrivate: true, guard }],
      jailsWithoutNetworks: [{ hostId: HOST_ID, jail: 'sshd', family: 6, action: 'iptables-ipset' }],
    });
    await type('192.0.2.200');
    while (!shown().includes('It is yours.')) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      await fixture.whenStable();
    }
    expect(shown()).toContain('Private or reserved: 192.0.2.200');
    expect(shown()).toContain('sshd cannot ban networks of IPv6');
  });

  it('forgets the refusal when the addresses change', async () => {
    ban.mockRejectedValueOnce(new ApiProblem('ban/protected-address', 'no', 409));
    await type('192.0.2.200');
    await chooseJail('sshd');
    await press(/^Ban/);
    await type('192.0.2.9');
    expect(await loader.getAllHarnesses(MatButtonHarness.with({ text: 'Ban it all the same' }))).toEqual([]);
  });

  it('stays open and says what fail2ban said where a ban failed', async () => {
    const failed = { ...DONE.outcomes[0]!, result: 'failed' as const, detail: 'Invalid command' };
    ban.mockResolvedValue({ outcomes: [failed], changed: 0, unchanged: 0, failed: 1 });
    await type('192.0.2.7');
    await chooseJail('sshd');
    await press(/^Ban/);
    expect(shown()).toContain('Invalid command');
    expect(close).not.toHaveBeenCalled();
  });
});
