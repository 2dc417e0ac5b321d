import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { runCommand, tempDir } from '@bailiff/testing';
import { describe, expect, it } from '@jest/globals';

import { attackerAddress } from './addresses.ts';
import { attackLine, demoJails, ordinaryLine, type DemoJail } from './log-lines.ts';
import { Random } from './random.ts';

/** Verdict of the stock filter over some lines, by fail2ban's own tool. */
async function countMatches(jail: DemoJail, lines: readonly string[]): Promise<string> {
  const filter = jail === 'postfix' ? 'postfix[mode=more]' : jail;
  await using dir = await tempDir('bailiff-lines-');
  const log = join(dir.path, 'log');
  writeFileSync(log, `${lines.join('\n')}\n`);
  const { stdout } = await runCommand('fail2ban-regex', ['--usedns', 'no', log, filter]);
  return /^Lines: .*$/m.exec(stdout)?.[0] ?? stdout;
}

describe.each(demoJails)('demo lines of %s', (jail) => {
  it('are failures to the stock filter, and only the attacks are', async () => {
    const random = new Random(1);
    const attacks = Array.from({ length: 40 }, () => attackLine(jail, attackerAddress(random), new Date(), random));
    expect(await countMatches(jail, attacks)).toMatch(/^Lines: 40 lines, 0 ignored, 40 matched, 0 missed/);
    const ordinary = Array.from({ length: 5 }, () => ordinaryLine(jail, attackerAddress(random), new Date(), random));
    const written = ordinary.filter((line) => line !== undefined);
    if (written.length > 0) expect(await countMatches(jail, written)).toContain(' 0 matched');
  });
});
