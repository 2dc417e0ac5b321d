const grouped = new Intl.NumberFormat('en');
const lines = (n: number): string => `${grouped.format(n)} ${n === 1 ? 'line' : 'lines'}`;

/** Texts of the console: the gateway's log, live, in debug mode. */
export const console = {
  title: 'Console',
  toggle: 'Console: log of the gateway (debug mode)',
  level: 'Level',
  levels: {
    trace: 'All levels',
    debug: 'Debug and up',
    info: 'Info and up',
    warn: 'Warnings and up',
    error: 'Errors only',
  },
  filter: 'Filter lines',
  filterHint: 'Text or correlation id',
  count: (shown: number, held: number) => (shown === held ? lines(held) : `${grouped.format(shown)} of ${lines(held)}`),
  pause: 'Pause',
  resume: 'Resume',
  paused: (behind: number) => (behind === 0 ? 'Paused' : `Paused, ${grouped.format(behind)} newer`),
  clear: 'Clear',
  copy: 'Copy the lines shown',
  copied: 'Copied',
  close: 'Close the console',
  only: (id: string) => `Only what belongs to ${id}`,
  newest: 'Newest lines',
  log: 'Log lines',
  lost: (n: number) => `${lines(n)} lost: more than could be sent`,
  waiting: 'New lines show up here.',
  noMatch: 'No line fits this level and filter.',
  failed: 'The console could not be loaded. Reload the page.',
};
