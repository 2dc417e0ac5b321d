import { nodeJest } from '../../jest.preset.mjs';

export default { displayName: 'ip', ...nodeJest };
