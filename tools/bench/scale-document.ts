import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';

import type { BenchRow, Figure } from './figure.ts';

const heading = `# Scale: what was measured

Written by \`./bailiff bench\`; change the rows in \`tools/bench\`, not here. Single figures move by half on shared machines, so
every goal is a ratio against a named neighbour measured in turn in the same run, or an allowance with room to spare.
`;

/** Renews the sections of the rows that were run and keeps the others as they are. */
export function writeScaleDocument(
  path: string,
  results: readonly { row: BenchRow; figures: readonly Figure[] }[],
  at: Date,
): void {
  const sections = existsSync(path) ? readSections(readFileSync(path, 'utf8')) : new Map<string, string>();
  for (const { row, figures } of results) sections.set(row.id, section(row, figures, at));
  const ordered = [...sections].sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true })).map(([, text]) => text);
  writeFileSync(path, `${[heading.trimEnd(), ...ordered].join('\n\n')}\n`);
}

/** Sections by row id; what stands before the first is written anew each time. */
export function readSections(text: string): Map<string, string> {
  const parts = text.split(/^(?=## P\d+[a-z]? )/m).slice(1);
  return new Map(parts.map((part) => [/^## (P\d+[a-z]?)/.exec(part)?.[1] ?? '', part.trimEnd()]));
}

function section({ id, title, method }: BenchRow, figures: readonly Figure[], at: Date): string {
  const gibibytes = Math.round(totalmem() / 2 ** 30);
  const header = ['What', 'Measured', 'Goal', 'Holds'];
  const rows = figures.map(({ what, value, unit, goal, holds }) => [
    what,
    `${value} ${unit}`,
    goal,
    goal === '' ? '' : holds ? 'yes' : '**no**',
  ]);
  return [
    `## ${id} ${title}`,
    '',
    method,
    '',
    `${at.toISOString().slice(0, 10)}, ${cpus().length} cores, ${gibibytes} GiB, Node ${process.versions.node}.`,
    '',
    ...table([header, ...rows]),
  ].join('\n');
}

/** Columns aligned as the formatter wants them. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(3, ...rows.map((row) => (row[column] ?? '').length)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [header = [], ...body] = rows;
  return [line(header), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)];
}
