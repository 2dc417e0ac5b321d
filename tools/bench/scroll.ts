import type { CDPSession, Page } from 'playwright-core';

const steps = 240;
const stepPx = 500;

/** What fast scrolling of a table cost. */
export interface ScrollCost {
  /** Milliseconds the main thread worked for each frame: scripts, styles, layout, paint records. */
  readonly workPerFrameMs: readonly number[];
  /** Milliseconds between frames as the browser showed them. */
  readonly frameMs: readonly number[];
}

/** Turns the wheel over a table, one notch a frame, and notes what each frame took. */
export async function scrollTable(page: Page, viewport: string): Promise<ScrollCost> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const workPerFrameMs: number[] = [];
  const frameMs: number[] = [];
  let before = await taskSeconds(session);
  for (let step = 0; step < steps; step += 1) {
    frameMs.push(await page.evaluate<number>(scrollOneFrame(viewport)));
    const after = await taskSeconds(session);
    workPerFrameMs.push((after - before) * 1000);
    before = after;
  }
  await session.detach();
  return { workPerFrameMs, frameMs };
}

/** For the page: scrolls, waits until the next frame but one, by when this one was shown. Text, since nothing here knows the DOM. */
const scrollOneFrame = (viewport: string): string => `new Promise((resolve) => {
  requestAnimationFrame((startedAt) => {
    document.querySelector(${JSON.stringify(viewport)}).scrollTop += ${stepPx};
    requestAnimationFrame((endedAt) => resolve(endedAt - startedAt));
  });
})`;

async function taskSeconds(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN;
}
