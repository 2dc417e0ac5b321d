import type { Browser } from 'playwright-core';
import { findBinary } from '../core/find-binary.js';
import { ServiceUnavailableError } from '../core/testing.errors.js';

/** Settings of {@link launchChromium}. */
export interface LaunchChromiumOptions {
  /** Whether no window is shown; true unless told. */
  readonly headless?: boolean;
  /** Further switches for its command line. */
  readonly args?: readonly string[];
}

/** No sandbox because CI runs as root; the rest keeps it quiet and away from the network. */
const switches = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * Starts the Chromium that `CHROME_BIN` names, else the system's.
 * @throws {ServiceUnavailableError} when there is none, saying what to install.
 */
export async function launchChromium({ headless = true, args = [] }: LaunchChromiumOptions = {}): Promise<Browser> {
  const named = process.env['CHROME_BIN'];
  const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
  const executablePath =
    named !== undefined && named !== ''
      ? named
      : names.map((name) => findBinary(name)).find((path) => path !== undefined);
  if (executablePath === undefined) {
    throw new ServiceUnavailableError('No Chromium is installed: apt-get install chromium, or name one in CHROME_BIN');
  }
  const { chromium } = await import('playwright-core'); // slow to load, and most suites need no browser
  return chromium.launch({ executablePath, headless, args: [...switches, ...args] });
}
