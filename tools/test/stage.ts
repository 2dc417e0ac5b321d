import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';

import { repositoryRoot } from '../common/paths.ts';

/** How many checks a stage made. */
export interface StageCount {
  readonly passed: number;
  readonly failed: number;
}

/** One step of `./bailiff test`. */
export interface Stage {
  readonly name: string;
  /** Stages that must have passed; otherwise this one counts as one failure without being run. */
  readonly needs?: readonly string[];
  run(): Promise<StageCount>;
}

/** Longest time of one command, milliseconds; the whole run is to stay under 25 minutes. */
const commandWithinMs = 15 * 60_000;

/**
 * Options for every Node process whose exit we wait for: `process.exit` joins V8's threads and hangs for ever when one of
 * them, compiling, waits for a garbage collection (nodejs/node#54918).
 */
export const nodeOptions: readonly string[] = ['--no-concurrent-recompilation', '--no-concurrent-sparkplug'];

/** The environment of every check: settings of the caller's own installation must not reach it. */
export function testEnvironment(base: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const isOurs = (name: string) =>
    name.startsWith('BAILIFF_') || name.startsWith('DATABASE_URL') || name.startsWith('REDIS_URL');
  return Object.fromEntries(Object.entries(base).filter(([name]) => !isOurs(name)));
}

/** Runs a command in the checkout with its output on the terminal. @returns whether it succeeded */
export async function succeeds(program: string, args: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: repositoryRoot,
      env: testEnvironment(),
      stdio: ['ignore', 'inherit', 'inherit'],
      timeout: commandWithinMs,
    });
    child.once('error', (error) => {
      process.stderr.write(`${program}: ${error.message}\n`);
      resolve(false);
    });
    child.once('exit', (code) => resolve(code === 0));
  });
}

/** A stage of commands that either succeed or not; each counts as one check. All are run. */
export function commandStage(
  name: string,
  commands: readonly (readonly [string, ...string[]])[],
  needs: readonly string[] = [],
): Stage {
  return {
    name,
    needs,
    run: async () => {
      let passed = 0;
      for (const [program, ...args] of commands) if (await succeeds(program, args)) passed += 1;
      return { passed, failed: commands.length - passed };
    },
  };
}

/** Part of what Jest writes with --json. @see jestjs/jest:packages/jest-test-result/src/types.ts */
interface JestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly numRuntimeErrorTestSuites: number;
  readonly success: boolean;
}

/** A stage of Jest tests over all projects.
 *  @param options Jest's own options that choose the specs */
export function jestStage(
  name: string,
  projects: readonly string[],
  options: readonly string[],
  needs: readonly string[] = [],
): Stage {
  const report = `${repositoryRoot}/.bailiff/test/${name}.json`;
  return {
    name,
    needs,
    run: async () => {
      rmSync(report, { force: true });
      const jest = [
        ...nodeOptions,
        '--experimental-vm-modules',
        '--no-warnings=ExperimentalWarning',
        'node_modules/jest/bin/jest.js',
      ];
      const common = ['--passWithNoTests', '--forceExit', '--json', `--outputFile=${report}`];
      const isOk = await succeeds(process.execPath, [...jest, '--projects', ...projects, ...common, ...options]);
      return countJest(report, isOk);
    },
  };
}

/** Counts of a Jest report. A spec file that could not be loaded counts as one failure, so does a skipped test, and a run
 *  that failed without any failed test (a crash, an open handle) as one. */
export function countJest(reportPath: string, isOk: boolean): StageCount {
  let report: JestReport;
  try {
    report = JSON.parse(readFileSync(reportPath, 'utf8')) as JestReport;
  } catch {
    return { passed: 0, failed: 1 };
  }
  const failed =
    report.numFailedTests + report.numRuntimeErrorTestSuites + report.numPendingTests + report.numTodoTests;
  return { passed: report.numPassedTests, failed: failed === 0 && !(isOk && report.success) ? 1 : failed };
}
