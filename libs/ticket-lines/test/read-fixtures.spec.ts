import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A log line with what must be understood of it. */
export interface Fixture {
  /** `file:line` of the log line. */
  readonly at: string;
  readonly jail: string;
  readonly line: string;
  readonly facts: Record<string, unknown>;
}

const FOLDER = join(import.meta.dirname, 'logs');
const EXPECT = '# expect: ';

/** Every sample of `test/logs`: as in fail2ban's own tests, the expectation stands on the line above. */
export function readFixtures(): Fixture[] {
  return readdirSync(FOLDER).flatMap((file) => readFile(file));
}

function readFile(file: string): Fixture[] {
  const lines = readFileSync(join(FOLDER, file), 'utf8').split('\n');
  return lines.flatMap((text, index) => {
    if (!text.startsWith(EXPECT)) return [];
    const { jail = 'demo', ...facts } = JSON.parse(text.slice(EXPECT.length)) as Record<string, unknown>;
    return [{ at: `${file}:${index + 2}`, jail: String(jail), line: lines[index + 1] ?? '', facts }];
  });
}
