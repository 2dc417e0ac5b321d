import { Clipboard } from '@angular/cdk/clipboard';
import { TestbedHarnessEnvironment } from '@angular/cdk/testing/testbed';
import { TestBed } from '@angular/core/testing';
import { MatButtonHarness } from '@angular/material/button/testing';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { ConsoleLine } from '@bailiff/contracts/http';
import { liveFeedOf } from '../../testing/live-feed-of';
import { currentSession, sessionOf } from '../../testing/session-of';
import { LiveFeed } from '../live/live-feed';
import { Session } from '../session/session';
import { ConsoleLog } from './console-log';
import { ConsolePanel } from './console-panel';
import { ConsoleToggle } from './console-toggle';

const lineOf = (message: string, more: Partial<ConsoleLine> = {}): ConsoleLine => ({
  at: '2026-11-20T10:00:00.007Z',
  level: 'info',
  context: 'Suite',
  message,
  correlationId: null,
  error: null,
  fields: {},
  ...more,
});

describe(ConsolePanel.name, () => {
  let live: ReturnType<typeof liveFeedOf>;
  const copied: string[] = [];
  beforeEach(() => {
    live = liveFeedOf();
    copied.length = 0;
    TestBed.configureTestingModule({
      providers: [
        { provide: LiveFeed, useValue: live.feed },
        { provide: Session, useValue: sessionOf(currentSession()) },
        { provide: Clipboard, useValue: { copy: (text: string) => copied.push(text) > 0 } },
      ],
    });
    TestBed.inject(ConsoleLog);
  });
  const say = (...lines: ConsoleLine[]) => live.say({ type: 'console_log', lines, dropped: 0 });

  async function open() {
    const fixture = TestBed.createComponent(ConsolePanel);
    await fixture.whenStable();
    const page = fixture.nativeElement as HTMLElement;
    const loader = TestbedHarnessEnvironment.loader(fixture);
    return {
      fixture,
      page,
      /** What the list shows, once all is drawn. */
      text: async () => {
        await fixture.whenStable();
        return page.querySelector('[role=log]')?.textContent ?? '';
      },
      press: async (name: string) =>
        (await loader.getHarness(MatButtonHarness.with({ selector: `[aria-label="${name}"]` }))).click(),
      enter: async (selector: 'select' | 'input', value: string) => {
        const control = page.querySelector<HTMLInputElement | HTMLSelectElement>(selector);
        if (control === null) throw new Error(`no ${selector}`);
        control.value = value;
        control.dispatchEvent(new Event(selector === 'select' ? 'change' : 'input'));
        await fixture.whenStable();
      },
    };
  }

  it('shows lines as text, whatever they hold', async () => {
    const { page, text } = await open();
    expect(await text()).toContain('New lines show up here.');
    say(
      lineOf('<img src=x onerror=alert(1)> {{7*7}} \u202Egnp.exe', {
        level: 'error',
        error: 'TypeError: <b>no</b>',
        fields: { hostId: 'abc' },
      }),
    );
    live.say({ type: 'console_log', lines: [], dropped: 1_234 });
    const shown = await text();
    expect(shown).toContain('<img src=x onerror=alert(1)> {{7*7}} \u202Egnp.exe');
    expect(shown).toContain('TypeError: <b>no</b> hostId=abc');
    expect(shown).toContain('10:00:00.007');
    expect(shown).toContain('1,234 lines lost');
    expect(page.querySelector('[role=log] img, [role=log] b')).toBeNull();
  });

  it('shows what fits level and text', async () => {
    const { page, text, enter } = await open();
    say(lineOf('one', { level: 'debug' }), lineOf('two', { level: 'warn' }), lineOf('three', { level: 'fatal' }));
    await enter('select', 'warn');
    expect(await text()).not.toContain('one');
    expect(page.textContent).toContain('2 of 3 lines');
    await enter('input', 'THREE');
    expect(await text()).not.toContain('two');
    expect(await text()).toContain('three');
    await enter('input', 'four');
    expect(await text()).toContain('No line fits');
  });

  it('shows what belongs to one request', async () => {
    const { page, text } = await open();
    say(lineOf('mine', { correlationId: '11111111-aaaa' }), lineOf('other', { correlationId: '22222222-bbbb' }));
    await text();
    const ids = [...page.querySelectorAll<HTMLElement>('[role=log] button')];
    ids.find(({ textContent }) => textContent === '11111111')?.click();
    expect(await text()).toContain('mine');
    expect(await text()).not.toContain('other');
    expect(page.querySelector('input')?.value).toBe('11111111-aaaa');
  });

  it('stands still while paused, says how much is newer, and catches up', async () => {
    const { page, text, press } = await open();
    say(lineOf('before'));
    await press('Pause');
    say(lineOf('during'), lineOf('also during'));
    expect(await text()).not.toContain('during');
    expect(page.textContent).toContain('Paused, 2 newer');
    await press('Resume');
    expect(await text()).toContain('also during');
  });

  it('clears, also while paused', async () => {
    const { text, press } = await open();
    say(lineOf('before'));
    await press('Clear');
    expect(await text()).not.toContain('before');
    say(lineOf('between'));
    await press('Pause');
    await press('Clear');
    expect(await text()).not.toContain('between');
    say(lineOf('after'));
    await press('Resume');
    expect(await text()).toContain('after');
  });

  it('copies what it shows', async () => {
    const { text, press, enter } = await open();
    say(lineOf('one'), lineOf('two', { fields: { status: 200 } }));
    await enter('input', 'two');
    await text();
    await press('Copy the lines shown');
    expect(copied).toEqual(['2026-11-20T10:00:00.007Z INFO  [Suite] two status=200']);
  });

  it('asks to be closed by Escape, which empties the filter first', async () => {
    const { fixture, page, enter } = await open();
    let asked = 0;
    fixture.componentInstance.dismiss.subscribe(() => (asked += 1));
    const press = async () => {
      page.querySelector('input')?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
      await fixture.whenStable();
      return [page.querySelector('input')?.value, asked];
    };
    await enter('input', 'some');
    expect(await press()).toEqual(['', 0]);
    expect(await press()).toEqual(['', 1]);
  });

  it('has a button only when there is something to look at', async () => {
    const fixture = TestBed.createComponent(ConsoleToggle);
    const loader = TestbedHarnessEnvironment.loader(fixture);
    expect(await loader.getAllHarnesses(MatButtonHarness)).toEqual([]);
    say(lineOf('one'));
    const button = await loader.getHarness(MatButtonHarness);
    expect(await (await button.host()).getAttribute('aria-expanded')).toBe('false');
    await button.click();
    expect(await (await button.host()).getAttribute('aria-expanded')).toBe('true');
    expect(TestBed.inject(ConsoleLog).isOpen()).toBe(true);
  });
});
