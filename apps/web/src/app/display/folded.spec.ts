import { Component, signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { Folded, FOLDS_ABOVE } from './folded';

@Component({
  imports: [Folded],
  template: `<bailiff-folded [length]="text().length" [whole]="whole()">{{ text() }}</bailiff-folded>`,
})
class Page {
  readonly text = signal('x'.repeat(2_048));
  readonly whole = signal(false);
}

describe(Folded.name, () => {
  let page: Page;
  let element: HTMLElement;
  const button = (): HTMLButtonElement | null => element.querySelector('button');

  beforeEach(() => {
    const fixture = TestBed.createComponent(Page);
    page = fixture.componentInstance;
    element = fixture.nativeElement as HTMLElement;
    TestBed.tick();
  });

  it('folds a very long text, keeps all of it in the page, and opens it on demand', () => {
    expect(element.textContent).toContain('x'.repeat(2_048));
    expect(button()?.textContent.trim()).toBe('Show all 2,048 characters');
    expect(button()?.getAttribute('aria-expanded')).toBe('false');
    button()?.click();
    TestBed.tick();
    expect(button()?.textContent.trim()).toBe('Show less');
    expect(button()?.getAttribute('aria-expanded')).toBe('true');
  });

  it('leaves alone what is not very long', () => {
    page.text.set('x'.repeat(FOLDS_ABOVE));
    TestBed.tick();
    expect(button()).toBeNull();
  });

  it('begins whole where something in it is looked for', () => {
    page.whole.set(true);
    TestBed.tick();
    expect(button()?.getAttribute('aria-expanded')).toBe('true');
  });
});
