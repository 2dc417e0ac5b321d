import { nodeJest } from '../../jest.preset.mjs';

export default { displayName: 'testing', ...nodeJest };
