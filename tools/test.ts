// ./bailiff test: everything CI runs; the last line says how many checks passed and failed.
import { mkdirSync } from 'node:fs';

import { readOptions, runCommand } from './common/command.ts';
import { repositoryRoot } from './common/paths.ts';
import { ToolError } from './common/tool.error.ts';
import type { Stage, StageCount } from './test/stage.ts';
import { allStages } from './test/stages.ts';

await runCommand(async () => {
  const { values } = readOptions({ stage: { type: 'string', multiple: true }, 'no-build': { type: 'boolean' } });
  const stages = chooseStages(allStages(), values.stage ?? []);
  mkdirSync(`${repositoryRoot}/.bailiff/test`, { recursive: true });
  const results = new Map<string, StageCount & { seconds: number }>();
  for (const stage of stages) {
    process.stdout.write(`\n=== ${stage.name} ===\n`);
    const startedAt = performance.now();
    const isBlocked = stage.needs?.some((name) => (results.get(name)?.failed ?? 0) > 0) === true;
    if (isBlocked) process.stdout.write(`not run: needs ${stage.needs?.join(', ')}\n`);
    const count = isBlocked ? { passed: 0, failed: 1 } : await stage.run();
    results.set(stage.name, { ...count, seconds: (performance.now() - startedAt) / 1000 });
  }
  process.stdout.write('\n');
  for (const [name, { passed, failed, seconds }] of results) {
    process.stdout.write(
      `${name.padEnd(12)} ${String(passed).padStart(6)} passed ${String(failed).padStart(4)} failed ${seconds.toFixed(0).padStart(5)} s\n`,
    );
  }
  const total = [...results.values()].reduce(
    (sum, count) => ({ passed: sum.passed + count.passed, failed: sum.failed + count.failed }),
    { passed: 0, failed: 0 },
  );
  process.stdout.write(`\n${total.passed} passed, ${total.failed} failed\n`);
  return total.failed > 0 ? 1 : 0;
});

/** The named stages and those they need, in their usual order.
 *  @throws {ToolError} for a name that is no stage */
function chooseStages(stages: readonly Stage[], names: readonly string[]): readonly Stage[] {
  if (names.length === 0) return stages;
  const unknown = names.filter((name) => !stages.some((stage) => stage.name === name));
  if (unknown.length > 0)
    throw new ToolError(
      'tools/bad-option',
      `no stage ${unknown.join(', ')}; there are: ${stages.map((stage) => stage.name).join(', ')}`,
    );
  const needed = stages.filter((stage) => names.includes(stage.name)).flatMap((stage) => stage.needs ?? []);
  return stages.filter((stage) => names.includes(stage.name) || needed.includes(stage.name));
}
