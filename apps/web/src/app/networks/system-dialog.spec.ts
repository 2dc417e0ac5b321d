import { TestbedHarnessEnvironment } from '@angular/cdk/testing/testbed';
import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { MatButtonHarness } from '@angular/material/button/testing';
import { MAT_DIALOG_DATA, MatDialogRef } from '@angular/material/dialog';
import { provideRouter, Router } from '@angular/router';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { AsnNetworks } from '@bailiff/contracts/http';
import { ListHandover } from '../bulk/list-handover';
import { SystemDialog } from './system-dialog';

const system = (count: number): AsnNetworks => ({
  asn: 64500,
  name: '<b>Example</b>',
  networks: Array.from({ length: count }, (_, n) => `10.${n >> 8}.${n & 255}.0/24`),
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

  beforeEach(() => {
    TestBed.configureTestingModule({
      providers: [
        provideHttpClient(),
        provideHttpClientTesting(),
        provideRouter([{ path: '**', children: [] }]),
        { provide: MAT_DIALOG_DATA, useValue: { asn: 64500, jails: ['sshd'] } },
        { provide: MatDialogRef, useValue: { close: () => undefined } },
      ],
    });
    fixture = TestBed.createComponent(SystemDialog);
    http = TestBed.inject(HttpTestingController);
    fixture.detectChanges();
  });

  it('asks first, then shows the size of what is meant', async () => {
    expect(text()).toContain('Looking up what it announces');
    await answer(system(20));
    expect(text()).toContain('20 networks, 5,120 addresses');
    expect(text()).toContain('<b>Example</b>');
    expect(text()).toContain('and 14 more');
    expect(await (await button(/Ban 20 networks/)).isDisabled()).toBe(false);
  });

  it('hands many networks to the page of lists', async () => {
    await answer(system(501));
    await (await button(/List of 501 networks/)).click();
    await fixture.whenStable();
    const file = TestBed.inject(ListHandover).take();
    expect(file?.name).toBe('AS64500.txt');
    expect(file?.size).toBe(`${system(501).networks.join('\n')}\n`.length);
    expect(TestBed.inject(ListHandover).take()).toBeUndefined();
    expect(TestBed.inject(Router).url).toBe('/banned/lists/new');
  });

  it('says when there is nothing, and when no worker answers', async () => {
    await answer(system(0));
    expect(text()).toContain('No data names a network of it');
    expect(await (await button(/Go on/)).isDisabled()).toBe(true);
  });

  it('can be asked again after an error', async () => {
    const problem = { title: 'No worker answers', status: 503, code: 'geo/unavailable', detail: 'Is one running?' };
    http.expectOne('api/v1/geo/systems/64500/networks').flush(problem, { status: 503, statusText: 'x' });
    await fixture.whenStable();
    [...(fixture.nativeElement as HTMLElement).querySelectorAll('button')].at(-1)?.click();
    fixture.detectChanges();
    await answer(system(1));
    expect(text()).toContain('1 network, 256 addresses');
  });
});
