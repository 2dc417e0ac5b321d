import { join } from 'node:path';

import { Fail2banClient } from '@bailiff/fail2ban-protocol';
import { type Fail2banInstance, launchChromium, startFail2ban, tempDir } from '@bailiff/testing';

import { repositoryRoot } from '../common/paths.ts';
import { poll } from '../common/wait.ts';
import { DataDir } from '../stack/data-dir.ts';
import { loadAddresses } from './bans.ts';
import { BenchStack } from './bench-stack.ts';
import type { BenchRow, Report } from './figure.ts';
import { residentMegabytes, settled } from './process-cost.ts';
import { median, quantile, timedEach } from './quantile.ts';
import { scrollTable } from './scroll.ts';
import { allScriptKilobytes, initialScriptKilobytes } from './web-size.ts';

const few = 1_000;
const middle = 50_000;
const many = 100_000;
const jails = ['sshd', 'nginx-http-auth', 'nginx-botsearch', 'postfix', 'dovecot'];
/** Page, sort and search an operator uses most on "Banned now". */
const questions = ['limit=100', 'limit=100&sort=address', 'limit=100&q=10.0.3.', 'limit=100&jail=sshd&sort=expiresAt'];

/** P7: what the browser loads, and how lists of many bans feel. */
export const webAppRow: BenchRow = {
  id: 'P7',
  title: 'The web app',
  method: `JavaScript of the built app, gzip. Then the whole stack with a real fail2ban of five jails: first page, other order, search and filter of what is banned now with ${few}, ${middle} and ${many} bans in one jail, beside a refresh as monitors do it that start \`fail2ban-client status JAIL\` for every jail. Memory of each process with ${middle} bans. Chromium scrolls the list of ${many} by 500 px a frame: processor time of the page for each frame; the frames themselves are drawn in software here, so their pace only informs.`,
  async run(report) {
    const webDir = join(repositoryRoot, 'apps/web/dist/browser');
    report('JavaScript loaded first', initialScriptKilobytes(webDir), 'kB', { atMost: 250 });
    report('JavaScript in all, loaded when needed', allScriptKilobytes(webDir), 'kB');
    await using fail2ban = await startFail2ban({
      jails: Object.fromEntries(jails.map((name) => [name, { bantime: 86_400, action: '' }])),
    });
    await using client = new Fail2banClient({ socketPath: fail2ban.socketPath });
    await using dir = await tempDir('bailiff-bench-');
    await using stack = await BenchStack.start(DataDir.open(dir.path), fail2ban);
    const answers: Record<number, number> = {};
    let refresh = Number.NaN;
    let present = 0;
    for (const bans of [few, middle, many]) {
      await client.jail('sshd').bans.ban(loadAddresses(bans - present, present));
      present = bans;
      await listed(stack, bans);
      await settled(stack.agentPid);
      answers[bans] = await reportAnswers(report, stack, bans);
      if (bans !== middle) continue;
      refresh = await reportRefresh(report, fail2ban);
      reportMemory(report, stack, bans);
    }
    report(`monitor's refresh over our page, ${middle} bans`, refresh / (answers[middle] ?? Number.NaN), 'x', {
      atLeast: 100,
    });
    report(`our page with ${many} bans over ${few}`, (answers[many] ?? Number.NaN) / (answers[few] ?? 0), 'x', {
      atMost: 1.5,
    });
    await reportScroll(report, stack);
  },
};

async function listed(stack: BenchStack, bans: number): Promise<void> {
  await poll(
    async () => {
      const { total } = await stack.api.request<{ total: number | null }>('GET', '/api/v1/bans?limit=1');
      return total === bans ? true : undefined;
    },
    { withinMs: 180_000, everyMs: 250 },
  );
}

/** @returns the median of the first page, milliseconds */
async function reportAnswers(report: Report, stack: BenchStack, bans: number): Promise<number> {
  const samples: number[][] = [];
  for (const question of questions) {
    await timedEach(20, () => stack.api.request('GET', `/api/v1/bans?${question}`));
    samples.push(await timedEach(200, () => stack.api.request('GET', `/api/v1/bans?${question}`)));
  }
  const first = median(samples[0] ?? []);
  report(`banned now, ${bans} bans: first page, p50`, first, 'ms');
  report(`banned now, ${bans} bans: slowest of page, order, search, filter, p99`, worst(samples), 'ms');
  return first;
}

const worst = (samples: readonly (readonly number[])[]): number =>
  Math.max(...samples.map((ofOne) => quantile(ofOne, 0.99)));

/** @returns the median, milliseconds */
async function reportRefresh(report: Report, fail2ban: Fail2banInstance): Promise<number> {
  const samples = await timedEach(5, async () => {
    for (const jail of jails) await fail2ban.client('status', jail);
  });
  const refresh = median(samples);
  report(`a process for each of ${jails.length} jails, ${middle} bans`, refresh, 'ms');
  return refresh;
}

function reportMemory(report: Report, stack: BenchStack, bans: number): void {
  for (const [name, pid] of Object.entries(stack.pids))
    if (pid !== undefined) report(`resident memory of the ${name}, ${bans} bans`, residentMegabytes(pid), 'MB');
}

async function reportScroll(report: Report, stack: BenchStack): Promise<void> {
  const browser = await launchChromium();
  try {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    await context.addCookies([stack.api.browserCookie()]);
    const page = await context.newPage();
    await page.goto(`${stack.api.url}/banned`);
    const viewport = 'cdk-virtual-scroll-viewport';
    await page.locator(`${viewport} [role=row]`).nth(5).waitFor();
    const { workPerFrameMs, frameMs } = await scrollTable(page, viewport);
    report(`scrolling ${many} rows: work of a frame, p50`, median(workPerFrameMs), 'ms', { atMost: 16.7 });
    report(`scrolling ${many} rows: work of a frame, p95`, quantile(workPerFrameMs, 0.95), 'ms');
    report(`scrolling ${many} rows: from frame to frame, drawn in software, p50`, median(frameMs), 'ms');
  } finally {
    await browser.close();
  }
}
