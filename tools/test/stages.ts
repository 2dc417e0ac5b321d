import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';

import { repositoryRoot } from '../common/paths.ts';
import { commandStage, jestStage, nodeOptions, type Stage } from './stage.ts';

const node: readonly [string, ...string[]] = [process.execPath, ...nodeOptions];
const tsc = 'node_modules/typescript/bin/tsc';
const integration = String.raw`\.int\.spec\.ts$`;
const endToEnd = String.raw`\.e2e\.spec\.ts$`;

/** Everything CI runs, in order: cheap checks first. */
export function allStages(): Stage[] {
  const projects = globSync(['libs/*/jest.config.mjs', 'apps/*/jest.config.mjs', 'tools/jest.config.mjs'], {
    cwd: repositoryRoot,
  })
    .map((path) => path.slice(0, path.lastIndexOf('/')))
    .sort();
  return [
    commandStage('shell', [['shellcheck', 'bailiff', '.ci/run']]),
    commandStage('format', [[...node, 'node_modules/prettier/bin/prettier.cjs', '--check', '.']]),
    commandStage('types', [
      [...node, tsc, '-b', ...serverTypeProjects(), 'tools/tsconfig.json'],
      ['pnpm', '--filter', '@bailiff/web', 'run', 'typecheck'],
    ]),
    commandStage('lint', [['pnpm', 'run', 'lint']]),
    commandStage('build', [
      [...node, tsc, '-b', ...serverBuildProjects()],
      [...node, 'apps/worker/dist/build-data.js'],
      [...node, 'apps/agent/scripts/bundle.mjs'],
      ['pnpm', '--filter', '@bailiff/web', 'run', 'build'],
    ]),
    jestStage('unit', projects, ['--maxWorkers=2', '--testPathIgnorePatterns', integration, endToEnd]),
    jestStage('integration', projects, ['--maxWorkers=2', '--testPathPatterns', integration], ['build']),
    jestStage('e2e', ['apps/e2e'], ['--maxWorkers=2', '--testPathPatterns', endToEnd], ['build']),
  ];
}

function serverBuildProjects(): string[] {
  return globSync(['libs/*/tsconfig.lib.json', 'apps/*/tsconfig.app.json'], { cwd: repositoryRoot }).filter(
    (path) => !path.startsWith('apps/web/'),
  );
}

function serverTypeProjects(): string[] {
  const specs = globSync(['libs/*/tsconfig.spec.json', 'apps/*/tsconfig.spec.json'], { cwd: repositoryRoot });
  return [...serverBuildProjects(), ...specs.filter((path) => !path.startsWith('apps/web/') && hasSpecs(path))];
}

/** tsc refuses a project without a single input file. */
function hasSpecs(tsconfig: string): boolean {
  const src = join(repositoryRoot, tsconfig, '..', 'src');
  return existsSync(src) && globSync('**/*.spec.ts', { cwd: src }).length > 0;
}
