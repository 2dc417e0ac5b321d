import type { ProblemTable } from '@bailiff/nest-kit';

/** `docs/api/problems.md`: every stable problem code with its status and title. */
export function problemList(table: ProblemTable): string {
  const rows = Object.entries(table)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, { status, title }]) => `| \`${code}\` | ${status} | ${title} |`);
  return [
    '# Problem codes',
    '',
    'Errors of the API are RFC 9457 problem details (`application/problem+json`). Programs read `code`, which never changes once',
    'released; `detail` is for people. `correlation_id` finds the matching lines in the logs. Validation adds',
    '`errors: [{ pointer, detail }]`. Made by `pnpm --filter @bailiff/gateway openapi` from the gateway’s problem table.',
    '',
    '| Code | Status | Title |',
    '|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
