import { nodeJest } from '../../jest.preset.mjs';

export default { displayName: 'persistence', ...nodeJest };
