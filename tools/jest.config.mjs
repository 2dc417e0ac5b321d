import { nodeJest } from '../jest.preset.mjs';

export default { displayName: 'tools', ...nodeJest, testMatch: ['<rootDir>/**/*.spec.ts'] };
