// ./bailiff bench: the P rows, measured side by side with their neighbours, written to docs/scale.md.
import { join } from 'node:path';

import { agentFootprintRow } from './bench/agent-footprint.row.ts';
import { archiveRow } from './bench/archive.row.ts';
import { banToBrowserRow } from './bench/ban-to-browser.row.ts';
import { bulkBanRow } from './bench/bulk-ban.row.ts';
import { figure, type BenchRow, type Figure, type Report } from './bench/figure.ts';
import { liveFileRow } from './bench/live-file.row.ts';
import { pagesLiveRow } from './bench/pages-live.row.ts';
import { smallCommandRow } from './bench/small-command.row.ts';
import { steadyWatchRow } from './bench/steady-watch.row.ts';
import { webAppRow } from './bench/web-app.row.ts';
import { writeScaleDocument } from './bench/scale-document.ts';
import { readOptions, runCommand, say } from './common/command.ts';
import { repositoryRoot } from './common/paths.ts';
import { ToolError } from './common/tool.error.ts';

const rows: readonly BenchRow[] = [
  smallCommandRow,
  steadyWatchRow,
  bulkBanRow,
  archiveRow,
  liveFileRow,
  pagesLiveRow,
  banToBrowserRow,
  webAppRow,
  agentFootprintRow,
];

await runCommand(async () => {
  const { values, positionals } = readOptions(
    {
      json: { type: 'boolean' },
      'no-build': { type: 'boolean' },
      rows: { type: 'string' },
      seconds: { type: 'string' },
    },
    true,
  );
  const archiveRows = wholeNumber('rows', values.rows);
  const soakSeconds = wholeNumber('seconds', values.seconds);
  const chosen = chooseRows(positionals);
  const results = [];
  for (const row of chosen) {
    say(`${row.id} ${row.title} ...`);
    const figures: Figure[] = [];
    const report: Report = (what, value, unit, goal) => {
      const measured = figure(row.id, what, value, unit, goal);
      figures.push(measured);
      process.stdout.write(`${values.json === true ? JSON.stringify(measured) : line(measured)}\n`);
    };
    await row.run(report, { archiveRows, soakSeconds });
    results.push({ row, figures });
  }
  writeScaleDocument(join(repositoryRoot, 'docs/scale.md'), results, new Date());
  const missed = results.flatMap(({ figures }) => figures).filter(({ holds }) => !holds);
  say(
    missed.length === 0
      ? 'All goals hold.'
      : `Goals missed: ${missed.map(({ row, what }) => `${row} ${what}`).join('; ')}`,
  );
  return missed.length === 0 ? 0 : 1;
});

function line({ row, what, value, unit, goal, holds }: Figure): string {
  return `${row}  ${what.padEnd(64)} ${String(value).padStart(9)} ${unit.padEnd(7)} ${goal === '' ? '' : `${goal} ${holds ? 'holds' : 'MISSED'}`}`.trimEnd();
}

/** @throws {ToolError} for anything but a number above zero */
function wholeNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new ToolError('tools/bad-option', `--${name} wants a number, not "${text}"`);
}

/** A row's number names all its parts. @throws {ToolError} for a row that is not measured here */
function chooseRows(ids: readonly string[]): readonly BenchRow[] {
  const isNamed = (row: BenchRow, id: string) => row.id === id || row.id.replace(/[a-z]$/, '') === id;
  const unknown = ids.filter((id) => !rows.some((row) => isNamed(row, id)));
  if (unknown.length > 0)
    throw new ToolError(
      'tools/bad-option',
      `no row ${unknown.join(', ')}; there are: ${rows.map(({ id }) => id).join(', ')}`,
    );
  return ids.length === 0 ? rows : rows.filter((row) => ids.some((id) => isNamed(row, id)));
}
