// ./bailiff bench: the P rows, measured side by side with their neighbours, written to docs/scale.md.
import { join } from 'node:path';

import { agentFootprintRow } from './bench/agent-footprint.row.ts';
import { archiveRow } from './bench/archive.row.ts';
import { banToBrowserRow } from './bench/ban-to-browser.row.ts';
import { bulkBanRow } from './bench/bulk-ban.row.ts';
import { figure, type BenchRow, type Figure, type Report } from './bench/figure.ts';
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
  banToBrowserRow,
  webAppRow,
  agentFootprintRow,
];

await runCommand(async () => {
  const { values, positionals } = readOptions(
    { json: { type: 'boolean' }, 'no-build': { type: 'boolean' }, rows: { type: 'string' } },
    true,
  );
  const archiveRows = values.rows === undefined ? undefined : Number(values.rows);
  if (archiveRows !== undefined && !(Number.isSafeInteger(archiveRows) && archiveRows > 0))
    throw new ToolError('tools/bad-option', `--rows wants a number, not "${values.rows}"`);
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
    await row.run(report, { archiveRows });
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

/** @throws {ToolError} for a row that is not measured here */
function chooseRows(ids: readonly string[]): readonly BenchRow[] {
  const unknown = ids.filter((id) => !rows.some((row) => row.id === id));
  if (unknown.length > 0)
    throw new ToolError(
      'tools/bad-option',
      `no row ${unknown.join(', ')}; there are: ${rows.map(({ id }) => id).join(', ')}`,
    );
  return ids.length === 0 ? rows : rows.filter(({ id }) => ids.includes(id));
}
