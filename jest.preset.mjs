// Shared Jest settings. ESM throughout: `jest` comes from '@jest/globals' and collaborators are replaced
// through dependency injection, since jest.mock does nothing to ES modules. docs/adr/0003 says why.

/** Plain TypeScript packages. @type {import('jest').Config} */
export const nodeJest = {
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['@bailiff/source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  moduleFileExtensions: ['js', 'ts', 'json', 'node', 'mjs', 'cjs'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  testMatch: ['<rootDir>/src/**/*.spec.ts'],
  coverageProvider: 'v8',
  // Tests wait on conditions with deadlines of their own (30 s and more); a limit of Jest below their sum would cut them short on a busy machine.
  testTimeout: 180_000,
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        swcrc: false,
        sourceMaps: 'inline',
        module: { type: 'es6' },
        jsc: {
          target: 'es2023',
          keepClassNames: true,
          experimental: { keepImportAttributes: true }, // JSON modules
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
        },
      },
    ],
  },
};

/** Packages that import Nest: its ES modules must be loaded before a CommonJS package requires them. @type {import('jest').Config} */
export const nestJest = { ...nodeJest, setupFiles: ['<rootDir>/jest.setup.mjs'] };
