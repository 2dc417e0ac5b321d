import { nodeJest } from '../../jest.preset.mjs';

export default { displayName: 'agent-channel', ...nodeJest };
