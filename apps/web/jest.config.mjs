import presets from 'jest-preset-angular/presets/index.js';

const angular = presets.createEsmPreset({ tsconfig: '<rootDir>/tsconfig.spec.json' });

export default {
  ...angular,
  displayName: 'web',
  testEnvironmentOptions: { customExportConditions: ['@bailiff/source', 'browser'] },
  moduleNameMapper: { ...angular.moduleNameMapper, '^(\\.{1,2}/.*)\\.js$': '$1' },
  setupFilesAfterEnv: ['<rootDir>/jest.setup.ts'],
  testMatch: ['<rootDir>/src/**/*.spec.ts'],
  coverageProvider: 'v8',
  testTimeout: 60_000, // for a busy machine; nothing here waits by the clock
};
