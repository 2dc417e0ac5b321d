import { ComponentHarness, type TestKey } from '@angular/cdk/testing';

/** Drives a table as an operator does. */
export class DataTableHarness extends ComponentHarness {
  static readonly hostSelector = 'bailiff-table';

  private readonly grid = this.locatorForOptional('[role=grid]');
  private readonly rows = this.locatorForAll('cdk-virtual-scroll-viewport [role=row]');
  private readonly headers = this.locatorForAll('[role=columnheader]');
  private readonly sortButtons = this.locatorForAll('[role=columnheader] button');
  private readonly checkboxes = this.locatorForAll('input[type=checkbox]');
  private readonly bulkButtons = this.locatorForAll('[role=region] button');
  private readonly panel = this.locatorForOptional('[role=complementary]');

  /** Text of each row that is drawn. */
  async texts(): Promise<string[]> {
    const rows = await this.rows();
    return Promise.all(rows.map(async (row) => (await row.text()).replace(/\s+/g, ' ').trim()));
  }

  async headerTexts(): Promise<string[]> {
    return Promise.all((await this.headers()).map((header) => header.text()));
  }

  async sortOf(name: string): Promise<string | null> {
    for (const header of await this.headers()) {
      if ((await header.text()) === name) return header.getAttribute('aria-sort');
    }
    return null;
  }

  async clickHeader(name: string): Promise<void> {
    for (const button of await this.sortButtons()) if ((await button.text()) === name) await button.click();
  }

  async clickRow(index: number): Promise<void> {
    await (await this.rows())[index]?.click();
  }

  /** Types keys with the focus on the grid. */
  async press(...keys: (string | TestKey)[]): Promise<void> {
    const grid = await this.grid();
    await grid?.focus();
    await grid?.sendKeys(...keys);
  }

  /** The marked row, as assistive technology is told. */
  async activeId(): Promise<string | null> {
    return (await (await this.grid())?.getAttribute('aria-activedescendant')) ?? null;
  }

  /** Whether each drawn row is chosen. */
  async selected(): Promise<boolean[]> {
    return Promise.all((await this.rows()).map(async (row) => (await row.getAttribute('aria-selected')) === 'true'));
  }

  /** Presses a bulk action. */
  async take(text: string): Promise<void> {
    for (const button of await this.bulkButtons()) if ((await button.text()) === text) await button.click();
  }

  /** 0 is the one in the head. */
  async toggle(index: number): Promise<void> {
    await (await this.checkboxes())[index]?.click();
  }

  async panelText(): Promise<string | null> {
    return (await (await this.panel())?.text()) ?? null;
  }

  async text(): Promise<string> {
    return (await this.host()).text();
  }
}
