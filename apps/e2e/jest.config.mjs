import { nodeJest } from '../../jest.preset.mjs';

export default { displayName: 'e2e', ...nodeJest };
