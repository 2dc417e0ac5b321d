import { TestbedHarnessEnvironment } from '@angular/cdk/testing/testbed';
import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { MatButtonHarness } from '@angular/material/button/testing';
import { MAT_DIALOG_DATA, MatDialogRef } from '@angular/material/dialog';
import { provideRouter, Router } from '@angular/router';
import { describe, expect, it } from '@jest/globals';
import type { AsnNetworks } from '@bailiff/contracts/http';
import { ListHandover } from '../bulk/list-handover';
import { SystemDialog, type SystemDialogData } from './system-dialog';

const system = (count: number): AsnNetworks => ({
  asn: 64500,
  name: '<b>Example</b>',
  networks: Array.from({ length: count }, (_, n) => `10.${n >> 8}.${n & 255}.0/24`),
  isTruncated: false,
  source: { name: '<i>made-up</i> 1', builtAt: '2026-01-02' },
  ipv4Addresses: count * 256,
  ipv4Networks: count,
  ipv6Networks: 0,
});

describe(SystemDialog.name, () => {
  let fixture: ComponentFixture<SystemDialog>;
  let http: HttpTestingController;
  const text = () => (fixture.nativeElement as HTMLElement).textContent;
  const button = (name: RegExp) =>
    TestbedHarnessEnvironment.loader(fixture).getHarness(MatButtonHarness.with({ text: name }));
  const answer = async (body: AsnNetworks) => {
    http.expectOne('api/v1/geo/systems/64500/networks').flush(body);
    await fixture.whenStable();
  };
  const start = (data: Partial<SystemDialogData> = {}) => {
    TestBed.configureTestingModule({
      providers: [
        provideHttpClient(),
        provideHttpClientTesting(),
        provideRouter([{ path: '**', children: [] }]),
        { provide: MAT_DIALOG_DATA, useValue: { asn: 64500, jails: ['sshd'], hostIds: ['a'], ...data } },
        { provide: MatDialogRef, useValue: { close: () => undefined } },
      ],
    });
    fixture = TestBed.createComponent(SystemDialog);
    http = TestBed.inject(HttpTestingController);
    fixture.detectChanges();
  };

  it('asks first, then shows the size of what is meant, and how old the data are', async () => {
    start();
    expect(text()).toContain('Looking up what it announces');
    await answer(system(20));
    expect(text()).toContain('20 networks, 5,120 addresses');
    expect(text()).toContain('<b>Example</b>');
    expect(text()).toContain('<i>made-up</i> 1, of 2026-01-02');
    expect(text()).toContain('and 14 more');
    expect(await (await button(/Ban 20 networks/)).isDisabled()).toBe(false);
  });

  it('hands many networks to the page of lists, with where they are meant for', async () => {
    start();
    await answer(system(501));
    expect(text()).toContain('jails, hosts and the duration are chosen next');
    await (await button(/List of 501 networks/)).click();
    await fixture.whenStable();
    const { file, ...where } = TestBed.inject(ListHandover).take() ?? {};
    expect(where).toEqual({ hostIds: ['a'], jails: ['sshd'] });
    expect(file?.name).toBe('AS64500.txt');
    expect(file?.size).toBe(`${system(501).networks.join('\n')}\n`.length);
    expect(TestBed.inject(ListHandover).take()).toBeUndefined();
    expect(TestBed.inject(Router).url).toBe('/banned/lists/new');
  });

  it('says when there is nothing, and by which data', async () => {
    start();
    await answer(system(0));
    expect(text()).toContain('own data name no network of it');
    expect(text()).toContain('of 2026-01-02');
    expect(await (await button(/Go on/)).isDisabled()).toBe(true);
  });

  it('says when there are more than it lists', async () => {
    start();
    await answer({ ...system(600), isTruncated: true });
    expect(text()).toContain('It announces more than these 600');
  });

  it('warns when the networks do not hold the address they are to be banned for', async () => {
    start({ about: ['192.0.2.1'] });
    await answer(system(20));
    expect(text()).toContain('192.0.2.1 lies in none of these networks');
  });

  it('warns when they do not hold some of several addresses', async () => {
    start({ about: ['10.0.3.7', '192.0.2.1', '2001:db8::1'] });
    await answer(system(20));
    expect(text()).toContain('2 of 3 addresses of it that were banned lie in none of these networks');
  });

  it('does not warn when they hold it, or part of it', async () => {
    start({ about: ['10.0.3.7', '10.0.0.0/16'] });
    await answer(system(20));
    expect(text()).not.toContain('in none of these networks');
  });

  it('can be asked again after an error, and shows that it asks', async () => {
    start();
    const problem = { title: 'No worker answers', status: 503, code: 'geo/unavailable', detail: 'Is one running?' };
    http.expectOne('api/v1/geo/systems/64500/networks').flush(problem, { status: 503, statusText: 'x' });
    await fixture.whenStable();
    expect(text()).toContain('Is one running?');
    // No harness: it would wait for the answer.
    const last = () => [...(fixture.nativeElement as HTMLElement).querySelectorAll('button')].at(-1);
    expect(last()?.textContent.trim()).toBe('Try again');
    last()?.click();
    fixture.detectChanges();
    expect(text()).toContain('Looking up what it announces');
    expect(text()).not.toContain('Is one running?');
    expect([last()?.textContent.trim(), last()?.disabled]).toEqual(['Go on', true]);
    await answer(system(1));
    expect(text()).toContain('1 network, 256 addresses');
  });
});
