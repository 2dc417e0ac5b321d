import type { AddressInfo } from 'node:net';
import { launchChromium } from '@bailiff/testing';
import { expect, it } from '@jest/globals';
import { GatewayHarness } from '../../test/gateway-harness.spec.js';
import { serveApiDocs } from './api-docs.js';

it(`${serveApiDocs.name} gives a page that works in a browser under its security policy`, async () => {
  await using gateway = await GatewayHarness.startReady();
  const { port } = gateway.app.getHttpServer().address() as AddressInfo;
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(`http://127.0.0.1:${port}/api/docs`);
    await page.getByText('/api/v1/bans', { exact: true }).first().waitFor({ timeout: 15_000 });
    expect(complaints).toEqual([]);
  } finally {
    await browser.close();
  }
});
