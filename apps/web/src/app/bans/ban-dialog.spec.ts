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
    expect(ban).toHaveBeenLastCalledWith(
      expect.objectContaining({ addresses: ['192.0.2.200'], forced: ['192.0.2.200'] }),
    );
  });

  describe('with protected addresses among others', () => {
    const guardOf = (address: string) => ({
      address,
      owner: 'protected' as const,
      protects: address,
      detail: `${address} is on the protected list (<b>office</b>)`,
    });
    const target = (address: string, isGuarded: boolean) => ({
      address,
      size: '1',
      isTooWide: false,
      isPrivate: false,
      guard: isGuarded ? guardOf(address) : null,
    });
    const checkOf = (addresses: readonly string[], guarded: readonly string[]): BanCheck => ({
      targets: addresses.map((address) => target(address, guarded.includes(address))),
      jailsWithoutNetworks: [],
    });
    const refusal = () => new ApiProblem('ban/protected-address', '203.0.113.1 is on the list (and 1 more).', 409);
    const all = ['203.0.113.1', '203.0.113.2', '192.0.2.1', '192.0.2.2'];
    const lastWord = async () => (await loader.getAllHarnesses(MatInputHarness)).at(-1);

    it('names every one and leaves them out first', async () => {
      check.mockImplementation(({ addresses }) => Promise.resolve(checkOf(addresses, all.slice(0, 2))));
      ban.mockRejectedValueOnce(refusal());
      await type(all.join(' '));
      await chooseJail('sshd');
      await press(/^Ban 4 addresses$/);
      expect(shown()).toContain('These 2 are protected');
      for (const address of all.slice(0, 2)) expect(shown()).toContain(address);
      expect(shown()).toContain('is on the protected list (<b>office</b>)');
      await press(/^Leave these 2 out, ban 2 addresses$/);
      expect(ban).toHaveBeenLastCalledWith({ hostIds: [HOST_ID], jails: ['sshd'], addresses: all.slice(2) });
      expect(close).toHaveBeenCalled();
    });

    it('forces exactly the named ones, after how many they are was typed', async () => {
      check.mockImplementation(({ addresses }) => Promise.resolve(checkOf(addresses, all.slice(0, 2))));
      ban.mockRejectedValueOnce(refusal());
      await type(all.join(' '));
      await chooseJail('sshd');
      await press(/^Ban 4 addresses$/);
      const force = await loader.getHarness(MatButtonHarness.with({ text: 'Ban these 2 all the same' }));
      await (await lastWord())?.setValue('203.0.113.1');
      expect(await force.isDisabled()).toBe(true);
      await (await lastWord())?.setValue('2 protected');
      await force.click();
      expect(ban).toHaveBeenLastCalledWith(expect.objectContaining({ addresses: all, forced: all.slice(0, 2) }));
    });

    it('wants the word anew when more turn out to be protected', async () => {
      const guarded = ['203.0.113.1'];
      check.mockImplementation(({ addresses }) => Promise.resolve(checkOf(addresses, guarded)));
      ban.mockRejectedValueOnce(refusal()).mockRejectedValueOnce(refusal());
      await type(all.join(' '));
      await chooseJail('sshd');
      await press(/^Ban 4 addresses$/);
      await (await lastWord())?.setValue('203.0.113.1');
      guarded.push('192.0.2.1');
      await press(/^Ban it all the same$/);
      const force = await loader.getHarness(MatButtonHarness.with({ text: 'Ban these 2 all the same' }));
      expect(await force.isDisabled()).toBe(true);
      expect(await (await lastWord())?.getValue()).toBe('');
    });

    it('forces nothing that cannot be named', async () => {
      check.mockRejectedValue(new ApiProblem('web/offline', '', 0));
      ban.mockRejectedValueOnce(refusal());
      await type(all.join(' '));
      await chooseJail('sshd');
      await press(/^Ban 4 addresses$/);
      expect(shown()).toContain('203.0.113.1 is on the list');
      expect(await loader.getAllHarnesses(MatButtonHarness.with({ text: /all the same|Leave/ }))).toEqual([]);
    });

    it('names what hosts protect; leaving it out reports what was banned', async () => {
      check.mockImplementation(({ addresses }) => Promise.resolve(checkOf(addresses, [])));
      const done = DONE.outcomes[0]!;
      const refused = {
        ...done,
        address: '203.0.113.2',
        result: 'failed' as const,
        code: 'ban/protected-address',
        detail: '203.0.113.2 covers an address of this host; it was not banned',
      };
      ban.mockResolvedValueOnce({ outcomes: [done, refused], changed: 1, unchanged: 0, failed: 1 });
      await type('192.0.2.7 203.0.113.2');
      await chooseJail('sshd');
      await press(/^Ban 2 addresses$/);
      expect(shown()).toContain(`covers an address of this host; it was not banned · ${host().name}`);
      await press(/^Leave it out$/);
      expect(ban).toHaveBeenCalledTimes(1);
      expect(report).toHaveBeenCalledWith([done]);
      expect(close).toHaveBeenCalled();
    });
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
