import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { figuresOf } from './country-figure';
import { CountryTable } from './country-table';

const HOSTILE = '<img src=x onerror=alert(1)>';
const figures = figuresOf(
  [
    { code: 'CN', bans: 60, topJails: [{ jail: 'sshd', bans: 60 }] },
    { code: 'DE', bans: 30, topJails: [{ jail: HOSTILE, bans: 30 }] },
    { code: 'AT', bans: 1, topJails: [{ jail: 'apache', bans: 1 }] },
  ],
  1_000,
  909,
);

describe(CountryTable.name, () => {
  let fixture: ComponentFixture<CountryTable>;
  let chosen: string[];
  let lit: (string | undefined)[];
  const root = (): HTMLElement => fixture.nativeElement as HTMLElement;
  const names = (): string[] =>
    [...root().querySelectorAll('tbody th')].map((cell) => cell.textContent.trim().replace(/\s+/g, ' '));
  const buttons = (): HTMLButtonElement[] => [...root().querySelectorAll<HTMLButtonElement>('tbody button')];
  const key = (name: string): void => {
    document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true, cancelable: true }));
  };
  const sortBy = async (label: string): Promise<void> => {
    const header = [...root().querySelectorAll('thead button')].find((each) => each.textContent.trim() === label);
    (header as HTMLButtonElement).click();
    await fixture.whenStable();
    fixture.detectChanges();
  };

  beforeEach(async () => {
    TestBed.configureTestingModule({ providers: [provideRouter([])] });
    fixture = TestBed.createComponent(CountryTable);
    fixture.componentRef.setInput('figures', figures);
    [chosen, lit] = [[], []];
    fixture.componentInstance.choose.subscribe((code) => chosen.push(code));
    fixture.componentInstance.lit.subscribe((at) => lit.push(at?.code));
    document.body.append(root());
    await fixture.whenStable();
  });

  it('lists most bans first, with names, counts, shares, and what is unknown below', () => {
    expect(names()).toEqual(['China', 'Germany', 'Austria']);
    const rows = [...root().querySelectorAll('tr')].map((row) =>
      [...row.querySelectorAll('th, td span, td.summary')].map((part) => part.textContent.trim()),
    );
    expect(rows[1]).toEqual(['China', 'sshd', '60', '6%']);
    expect(rows[3]).toEqual(['Austria', 'apache', '1', '< 1%']);
    expect(rows[4]).toEqual(['Unknown country', '909', '91%']);
    expect(rows[5]).toEqual(['1,000 bans from 3 countries']);
  });

  it('shows names of jails as the text they are', () => {
    expect(root().textContent).toContain(HOSTILE);
    expect(root().querySelector('img[src="x"]')).toBeNull();
  });

  it('sorts by each column, both ways, and says so', async () => {
    await sortBy('Country');
    expect(names()).toEqual(['Austria', 'China', 'Germany']);
    expect(root().querySelector('[aria-sort=ascending]')?.textContent.trim()).toBe('Country');
    await sortBy('Country');
    expect(names()).toEqual(['Germany', 'China', 'Austria']);
    await sortBy('Bans');
    expect(names()).toEqual(['China', 'Germany', 'Austria']);
    await sortBy('Bans');
    expect(names()).toEqual(['Austria', 'Germany', 'China']);
  });

  it('has one row in the tab order and goes on by arrow keys, lighting up the map', () => {
    expect(buttons().map((button) => button.tabIndex)).toEqual([0, -1, -1]);
    buttons()[0]?.focus();
    key('ArrowDown');
    expect(document.activeElement).toBe(buttons()[1]);
    key('End');
    expect(document.activeElement).toBe(buttons()[2]);
    key('ArrowDown');
    expect(document.activeElement).toBe(buttons()[2]);
    key('Home');
    expect(document.activeElement).toBe(buttons()[0]);
    expect(lit.filter((code) => code !== undefined)).toEqual(['CN', 'DE', 'AT', 'CN']);
    buttons()[1]?.click();
    expect(chosen).toEqual(['DE']);
  });
});
