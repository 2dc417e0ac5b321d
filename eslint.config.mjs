import nx from '@nx/eslint-plugin';
import angular from 'angular-eslint';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** Who may depend on whom; the table in docs/architecture.md in lint's words. There is no `*`. */
const boundaries = [
  {
    sourceTag: 'type:app',
    onlyDependOnLibsWithTags: ['type:contract', 'type:util', 'type:kit', 'type:plain', 'type:data'],
  },
  // The database has one owner: every other app says owns:nothing.
  { sourceTag: 'owns:nothing', notDependOnLibsWithTags: ['type:data'] },
  // The tools also fill and measure archives, of stacks that do not run.
  {
    sourceTag: 'type:tool',
    onlyDependOnLibsWithTags: ['type:contract', 'type:util', 'type:plain', 'type:testing', 'type:data'],
  },
  { sourceTag: 'type:kit', onlyDependOnLibsWithTags: ['type:contract'] },
  { sourceTag: 'type:data', onlyDependOnLibsWithTags: ['type:util'] },
  { sourceTag: 'type:plain', onlyDependOnLibsWithTags: ['type:contract', 'type:util'] },
  { sourceTag: 'type:contract', onlyDependOnLibsWithTags: ['type:util'] },
  { sourceTag: 'type:util', onlyDependOnLibsWithTags: [] },
  { sourceTag: 'type:testing', onlyDependOnLibsWithTags: ['type:contract', 'type:testing'] },
  { sourceTag: 'runtime:browser', onlyDependOnLibsWithTags: ['runtime:any'] },
  { sourceTag: 'runtime:any', onlyDependOnLibsWithTags: ['runtime:any'] },
  { sourceTag: 'runtime:node', onlyDependOnLibsWithTags: ['runtime:any', 'runtime:node'] },
  { sourceTag: 'priv:none', notDependOnLibsWithTags: ['priv:root'] },
  { sourceTag: 'priv:root', onlyDependOnLibsWithTags: ['priv:none', 'priv:root'] },
];
const frameworks = ['@nestjs/*', '@angular/*', 'typeorm', 'bullmq'];
const frameworkFree = ['type:plain', 'type:contract', 'type:util'].map((sourceTag) => ({
  sourceTag,
  bannedExternalImports: frameworks,
}));
const rules = (constraints) => ({
  '@nx/enforce-module-boundaries': [
    'error',
    { allow: [], enforceBuildableLibDependency: false, depConstraints: [...constraints, ...frameworkFree] },
  ],
});
const withTesting = boundaries.map((rule) =>
  rule.onlyDependOnLibsWithTags && rule.sourceTag.startsWith('type:') && rule.sourceTag !== 'type:testing'
    ? { ...rule, onlyDependOnLibsWithTags: [...rule.onlyDependOnLibsWithTags, 'type:testing'] }
    : rule,
);

const nodeBuiltins = { group: ['node:*'], message: 'This project also runs in a browser: no Node built-ins.' };
const serverContracts = {
  group: ['@bailiff/contracts/jobs', '@bailiff/contracts/agent'],
  message: 'The web app speaks HTTP only: import from @bailiff/contracts/http.',
};

export default defineConfig(
  globalIgnores(['**/dist', '**/out-tsc', '**/node_modules', '.nx', '.tooling', '**/.angular', '**/*.mjs', '**/*.cjs']),
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { '@nx': nx },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      ...rules(boundaries),
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Read settings from the validated config class.' },
      ],
      eqeqeq: ['error', 'always'],
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['**/*.spec.ts'],
    rules: {
      ...rules(withTesting),
      'no-restricted-syntax': [
        'error',
        {
          selector: 'MemberExpression[object.name=/^(it|describe|test)$/][property.name=/^(only|skip|todo)$/]',
          message: 'No narrowed or skipped tests.',
        },
        {
          selector: 'CallExpression[callee.name=/^(xit|xdescribe|fit|fdescribe)$/]',
          message: 'No narrowed or skipped tests.',
        },
      ],
      'no-restricted-properties': 'off',
      'max-lines': ['error', { max: 600, skipBlankLines: true, skipComments: true }],
    },
  },
  // main.ts hands the environment to the config class; the harness and the tools have no config class to read.
  {
    files: ['apps/*/src/main.ts', '**/*.int.spec.ts', 'libs/testing/**/*.ts', 'tools/**/*.ts', 'apps/e2e/**/*.ts'],
    rules: { 'no-restricted-properties': 'off' },
  },
  {
    files: ['libs/contracts/**/*.ts', 'libs/ip/**/*.ts', 'libs/ticket-lines/src/**/*.ts', 'apps/web/**/*.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: [nodeBuiltins] }] },
  },
  {
    files: ['apps/web/**/*.ts'],
    extends: [angular.configs.tsRecommended],
    processor: angular.processInlineTemplates,
    rules: {
      'no-restricted-imports': ['error', { patterns: [nodeBuiltins, serverContracts] }],
      '@angular-eslint/component-selector': ['error', { type: 'element', prefix: 'bailiff', style: 'kebab-case' }],
      '@angular-eslint/directive-selector': ['error', { type: 'attribute', prefix: 'bailiff', style: 'camelCase' }],
    },
  },
  {
    files: ['apps/web/**/*.html'],
    extends: [angular.configs.templateRecommended, angular.configs.templateAccessibility],
  },
);
