import { ComponentHarness, type TestKey } from '@angular/cdk/testing';

/** Drives a chart as an operator does who cannot use a pointer. */
export class ChartHarness extends ComponentHarness {
  static readonly hostSelector = 'bailiff-chart';

  private readonly image = this.locatorForOptional('[role=img]');
  private readonly said = this.locatorForOptional('[aria-live]');
  private readonly buttons = this.locatorForAll('button');
  private readonly headers = this.locatorForAll('th[scope=col]');

  async text(): Promise<string> {
    return (await this.host()).text();
  }

  /** What assistive technology reads for the drawing; null when there is none. */
  async description(): Promise<string | null> {
    return (await (await this.image())?.getAttribute('aria-label')) ?? null;
  }

  /** Types keys with the focus on the drawing. */
  async press(...keys: TestKey[]): Promise<void> {
    const image = await this.image();
    await image?.focus();
    await image?.sendKeys(...keys);
  }

  /** What was last said about a value. */
  async spoken(): Promise<string> {
    return (await (await this.said())?.text()) ?? '';
  }

  /** Presses the button whose text or label has this in it. */
  async clickButton(name: string): Promise<void> {
    for (const button of await this.buttons()) {
      const label = (await button.getAttribute('aria-label')) ?? (await button.text());
      if (label.includes(name)) return button.click();
    }
    throw new Error(`No button "${name}"`);
  }

  async headerSorts(): Promise<(string | null)[]> {
    return Promise.all((await this.headers()).map((header) => header.getAttribute('aria-sort')));
  }

  /** Texts of the twin's rows; empty while the drawing is shown. */
  async tableRows(): Promise<string[]> {
    const cells = this.locatorForAll('tbody tr > *');
    const width = Math.max((await this.headers()).length, 1);
    const texts = await Promise.all((await cells()).map((cell) => cell.text()));
    return texts.flatMap((_, i) => (i % width === 0 ? [texts.slice(i, i + width).join(' ')] : []));
  }
}
